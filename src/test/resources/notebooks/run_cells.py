"""Runs pieces of Python one after another, as cells of one notebook, and prints variables as JSON.

usage: run_cells.py VARIABLE,... < JSON array of the pieces
"""
import json
import sys
import traceback

scope = {"__name__": "__main__"}
for number, piece in enumerate(json.load(sys.stdin)):
    try:
        exec(compile(piece, f"<piece {number}>", "exec"), scope)
    except Exception:
        traceback.print_exc()
        sys.exit(f"piece {number} failed:\n{piece}")
print()
print(json.dumps({name: scope[name] for name in sys.argv[1].split(",")}))
