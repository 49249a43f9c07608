import json

import pandas as pd

import aidlib

survey = pd.read_csv("survey_invented.csv")
names = {
    "income": "income_yuan_month",
    "line": "line_yuan_month",
    "members": "persons",
    "benefit": "benefit_yuan_month",
}
design = aidlib.SurveyDesign("weight", strata="stratum", psu="unit")
found = aidlib.targeting(survey, **names, design=design).to_frame().set_index("indicator").loc["exclusion_error"]
print(json.dumps([found["estimate"], found["std_error"]]))
