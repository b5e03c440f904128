"""Checks that PyYAML reads every NAME.yaml of a folder as NAME.json says: check-yaml.py <folder>"""
import json
import pathlib
import sys

import yaml

pages = sorted(pathlib.Path(sys.argv[1]).glob("*.yaml"))
wrong = [page.name for page in pages if yaml.safe_load(page.read_text("utf-8")) != json.loads(page.with_suffix(".json").read_text("utf-8"))]
print(f"{len(pages)} YAML files read, {len(wrong)} differ: {wrong}")
sys.exit(1 if wrong or not pages else 0)
