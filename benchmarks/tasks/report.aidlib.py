import json

import aidlib


@aidlib.candidate_method(wage="yuan/person/month", share="ratio")
def of_minimum_wage(wage, share="0.35"):
    return wage.fen_month * share.ratio


base = aidlib.standard_basis("梧州", 2019)
mine = aidlib.Candidates(base.consumption_share("0.40"), base.cpi_uprating(), of_minimum_wage("1680", area="urban"))
mine.bounded(base.bounds()).plot()
path = {"cpi": {"2019-09": "3.4"}, "food": {"2019-09": "5.9"}}
tame = aidlib.price_linkage("广西", "2019-08", "2020-01", cpi=path)
print(json.dumps(int((tame.to_frame()["outcome"] == "triggered").sum())))
