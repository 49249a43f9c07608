import json

import numpy as np
import pandas as pd
from linearmodels.panel import PanelOLS

rows = pd.read_csv("panel.csv", dtype={"place": str}, parse_dates=["date"])
logs = np.log(rows.pivot(index=["place", "date"], columns="series", values="value").dropna())
model = PanelOLS(logs["dibao_recipients:rural"], logs[["consumption_pc:rural"]], entity_effects=True, time_effects=True)
fit = model.fit(cov_type="clustered", cluster_entity=True)
print(json.dumps([float(fit.params.iloc[0]), float(fit.std_errors.iloc[0]), int(fit.nobs)]))
