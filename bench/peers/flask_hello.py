"""The least that Flask can answer, run by bench/dashboard.py with the product's own Flask and server.

python flask_hello.py PORT
"""

import sys

from flask import Flask
from waiting import serve

app = Flask(__name__)


@app.get("/")
def hello():
    return "hello"


if __name__ == "__main__":
    serve(app, int(sys.argv[1]))
