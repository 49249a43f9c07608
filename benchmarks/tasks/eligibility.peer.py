import json

import numpy as np
import pandas as pd
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.reforms import Reform
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

Person = build_entity(key="person", plural="persons", label="", is_person=True)
Household = build_entity(key="household", plural="households", label="", roles=[{"key": "member"}])


class income(Variable):
    value_type, entity, definition_period = float, Household, DateUnit.MONTH


class property_ok(Variable):
    value_type, entity, definition_period = bool, Household, DateUnit.MONTH


class dibao(Variable):
    value_type, entity, definition_period = float, Household, DateUnit.MONTH

    def formula(household, period, parameters):
        gap = parameters(period).standard * household.nb_persons() - household("income", period)
        return np.maximum(gap, 0) * household("property_ok", period)


class System(TaxBenefitSystem):
    def __init__(self):
        super().__init__([Person, Household])
        self.parameters = ParameterNode("", data={"standard": {"values": {"2020-01-01": {"value": 1259}}}})
        self.add_variables(income, property_ok, dibao)


class Higher(Reform):
    def apply(self):
        self.modify_parameters(self.change)

    @staticmethod
    def change(parameters):
        parameters.standard.update(start="2020-01-01", value=1400)
        return parameters


def paid(system):
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("person", people["person_id"].to_numpy())
    place = builder.declare_entity("household", homes["household_id"].to_numpy())
    builder.join_with_persons(place, people["household_id"].to_numpy(), roles=["member"] * len(people))
    simulation = builder.build(system)
    simulation.set_input("income", "2023-09", homes["income_fen"].to_numpy() / 100)
    simulation.set_input("property_ok", "2023-09", homes["property_ok"].to_numpy())
    return simulation.calculate("dibao", "2023-09")


homes, people = pd.read_csv("homes.csv"), pd.read_csv("people.csv")
before, after = paid(System()), paid(Higher(System()))
print(json.dumps([int((after > before).sum()), int((after < before).sum()), float((after - before).sum() * 100)]))
