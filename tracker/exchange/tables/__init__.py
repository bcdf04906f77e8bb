"""Tables in: CSV and XLSX of unknown make, read row by row by a child process that has limits."""
