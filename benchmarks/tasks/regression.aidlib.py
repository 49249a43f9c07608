import json

import numpy as np
from linearmodels.panel import PanelOLS

import aidlib

wide = aidlib.panel(["dibao_recipients:rural", "consumption_pc:rural"], years=(2010, 2023)).wide()
logs = np.log(wide.dropna())
model = PanelOLS(logs["dibao_recipients:rural"], logs[["consumption_pc:rural"]], entity_effects=True, time_effects=True)
fit = model.fit(cov_type="clustered", cluster_entity=True)
print(json.dumps([float(fit.params.iloc[0]), float(fit.std_errors.iloc[0]), int(fit.nobs)]))
