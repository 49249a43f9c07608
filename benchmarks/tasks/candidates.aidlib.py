import json

import aidlib

base = aidlib.standard_basis("梧州", 2019)
candidates = aidlib.Candidates(
    base.consumption_share(), base.local_methods(), base.cpi_uprating(), base.mixed_uprating(theta="1/2")
)
bounded = candidates.bounded(base.bounds())
cost = bounded.cost().to_frame()
print(json.dumps([len(bounded), len(cost)]))
