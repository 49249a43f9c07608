import json

import aidlib

homes, people = aidlib.synthetic_population("杭州", 10_000, seed=1)
today = aidlib.Simulation(homes, people, date="2023-09-01", local_rules="none")
change = today.compare({"dibao_standard": "1400 yuan/person/month"})
print(json.dumps([change.winners, change.losers, change.cost[1]]))
