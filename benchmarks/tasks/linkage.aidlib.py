import json

import aidlib

lower = aidlib.Reform({"linkage_cpi_trigger": "3.0"}, region="广西")
runs = [aidlib.price_linkage("广西", "2019-01", "2020-04", reform=one) for one in (None, lower)]
started = [int((one.to_frame()["outcome"] == "triggered").sum()) for one in runs]
costs = [one.cost({"dibao_urban": 300_000, "dibao_rural": 2_300_000}, by=["region"]) for one in runs]
print(json.dumps(started))
