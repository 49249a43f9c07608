import json

import pandas as pd
from samplics import PopParam, TaylorEstimator

survey = pd.read_csv("survey_invented.csv")
poor = survey["income_yuan_month"] < survey["line_yuan_month"] * survey["persons"]
survey["poor"] = poor * survey["persons"]
survey["left_out"] = (poor & (survey["benefit_yuan_month"] == 0)) * survey["persons"]
ratio = TaylorEstimator(PopParam.ratio)
ratio.estimate(
    y=survey["left_out"], x=survey["poor"], samp_weight=survey["weight"], stratum=survey["stratum"], psu=survey["unit"]
)
print(json.dumps([float(ratio.point_est), float(ratio.stderror)]))
