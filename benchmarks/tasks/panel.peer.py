import json

import pandas as pd

rows = pd.read_csv("panel.csv", dtype={"place": str})
frame = rows.pivot(index=["place", "period"], columns="series", values="value")
places, periods = rows["place"].unique(), rows["period"].unique()
frame = frame.reindex(pd.MultiIndex.from_product([places, periods], names=["place", "period"]))
missing = frame.isna().groupby("place").sum()
print(json.dumps([len(frame), int(missing.to_numpy().sum())]))
