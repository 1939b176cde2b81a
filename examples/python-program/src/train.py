"""Logistic regression in plain Python. Weir says in WEIR_... where things are."""
import csv
import json
import math
import os
import random

MODEL = os.environ["WEIR_MODEL"]
CHECKPOINT = os.path.join(os.environ["WEIR_CHECKPOINT"], "weights.json")


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def learn_features(signature, table):
    """For each input, how it becomes numbers: a scale, or a list of categories."""
    features = []
    for column in signature["inputs"]:
        name = column["name"]
        if column["datatype"] == "FP64":
            seen = [float(row[name]) for row in table if row[name] != ""]
            mean = math.fsum(seen) / len(seen)
            spread = math.sqrt(math.fsum((x - mean) ** 2 for x in seen) / len(seen)) or 1.0
            features.append({"name": name, "mean": mean, "spread": spread})
        else:
            features.append({"name": name, "categories": column["categories"]})
    return features


def vector(features, row):
    numbers = [1.0]
    for feature in features:
        value = row[feature["name"]]
        if "categories" in feature:
            numbers += [1.0 if value == each else 0.0 for each in feature["categories"]]
        else:
            missing = value in ("", None)
            numbers.append(0.0 if missing else (float(value) - feature["mean"]) / feature["spread"])
    return numbers


def probability(weights, numbers):
    z = math.fsum(w * x for w, x in zip(weights, numbers))
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def main():
    signature = json.load(open(os.environ["WEIR_SIGNATURE"], encoding="utf-8"))
    params = json.loads(os.environ["WEIR_PARAMS"])
    table = rows(os.environ["WEIR_TRAIN"])
    features = learn_features(signature, table)
    data = [(vector(features, row), row[signature["target"]] == signature["positive"]) for row in table]
    weights, done = [0.0] * len(data[0][0]), 0
    if os.path.exists(CHECKPOINT):  # an earlier attempt was stopped
        state = json.load(open(CHECKPOINT))
        weights, done = state["weights"], state["epochs"]
        print("goes on after epoch", done)
    for epoch in range(done, params["epochs"]):
        order = list(range(len(data)))
        random.Random(params["seed"] + epoch).shuffle(order)
        losses = []
        for i in order:
            numbers, yes = data[i]
            p = probability(weights, numbers)
            losses.append(-math.log(max(p if yes else 1 - p, 1e-12)))
            step = params["rate"] / (1 + epoch) * (p - yes)
            weights = [w - step * x - params["rate"] * params["l2"] * w / len(data) for w, x in zip(weights, numbers)]
        with open(os.environ["WEIR_METRICS"], "a") as log:
            loss = math.fsum(losses) / len(losses)
            log.write(json.dumps({"metric": "train_loss", "value": loss, "step": epoch}) + "\n")
        with open(CHECKPOINT + ".new", "w") as file:
            json.dump({"weights": weights, "epochs": epoch + 1}, file)
        os.replace(CHECKPOINT + ".new", CHECKPOINT)
    os.makedirs(MODEL, exist_ok=True)
    with open(os.path.join(MODEL, "weights.json"), "w") as file:
        json.dump({"features": features, "weights": weights}, file)
    print(len(data), "rows,", len(weights), "weights")


if __name__ == "__main__":
    main()
