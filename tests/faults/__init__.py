"""Workers that are killed, stopped and cut off at every step of a digest: none may be lost, and none come twice that
had not been taken by the relay before its worker died."""
