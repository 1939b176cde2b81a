"""Answers MLflow's /invocations. It runs in the model's folder, on the port in WEIR_PORT."""
import http.server
import json
import math
import os

MODEL = json.load(open("weights.json"))


def probability(row):
    numbers = [1.0]
    for feature in MODEL["features"]:
        value = row.get(feature["name"])
        if "categories" in feature:
            numbers += [1.0 if value == each else 0.0 for each in feature["categories"]]
        else:
            numbers.append(0.0 if value is None else (value - feature["mean"]) / feature["spread"])
    z = math.fsum(w * x for w, x in zip(MODEL["weights"], numbers))
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # one connection serves many questions
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        frame = body["dataframe_split"]
        rows = [dict(zip(frame["columns"], row)) for row in frame["data"]]
        answer = json.dumps({"predictions": [probability(row) for row in rows]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *of):
        pass  # errors are printed all the same


http.server.HTTPServer(("127.0.0.1", int(os.environ["WEIR_PORT"])), Answers).serve_forever()
