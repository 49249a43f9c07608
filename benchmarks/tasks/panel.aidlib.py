import json

import aidlib

data = aidlib.panel(["dibao_recipients:rural", "consumption_pc:rural"], years=(2010, 2023))
missing = data.coverage().to_frame()
frame = data.wide()
print(json.dumps([len(frame), int(missing["absent"].sum())]))
