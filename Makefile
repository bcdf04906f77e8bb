# For fingers that are used to make; manage.py does the work.

.PHONY: help run test lock migrate
help:
	@python3 manage.py
run:
	@python3 manage.py run
test:
	@python3 manage.py test
lock:
	@python3 manage.py lock
migrate:
	@python3 manage.py migrate
