package dev.weir.server.inference;

import dev.weir.base.problem.Problem;
import dev.weir.ml.model.Signature;
import dev.weir.stage.deploy.Prediction;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to a request of the inference protocol. The outputs of a model are its numbers, FP32,
 * and where it decides, {@code decision}: the labels, BYTES.
 */
final class InferAnswer {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String DECISION = "decision";

    private InferAnswer() {}

    /**
     * What is sent.
     *
     * @param jsonBytes how many bytes of the body are JSON; as many as there are without tensors
     *     behind it
     */
    record Body(byte[] bytes, int jsonBytes) {}

    /** The name of the labels' output: free, since a model's output may have that name. */
    static String decision(Signature signature) {
        return signature.output().equals(DECISION) ? DECISION + "_" : DECISION;
    }

    /** Writes it. */
    static Body write(String model, InferRequest request, Prediction prediction) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(320);
        List<byte[]> behind = new ArrayList<>(0);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty("model_name", model);
            json.writeStringProperty("model_version", Long.toString(prediction.version()));
            if (request.id() != null) {
                json.writeStringProperty("id", request.id());
            }
            json.writeName("parameters");
            json.writeStartObject();
            json.writeStringProperty("prediction_id", prediction.id());
            json.writeEndObject();
            json.writeName("outputs");
            json.writeStartArray();
            if (request.outputs().isEmpty()) {
                numbers(json, prediction, request.allBinary(), behind);
                if (prediction.decides()) {
                    decisions(json, prediction, request.allBinary(), behind);
                }
            }
            for (InferRequest.Wanted wanted : request.outputs()) {
                boolean binary = wanted.binary() == null ? request.allBinary() : wanted.binary();
                if (wanted.name().equals(prediction.signature().output())) {
                    numbers(json, prediction, binary, behind);
                } else if (prediction.decides()
                        && wanted.name().equals(decision(prediction.signature()))) {
                    decisions(json, prediction, binary, behind);
                } else {
                    throw unknown(wanted.name(), prediction.signature());
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        int jsonBytes = bytes.size();
        behind.forEach(bytes::writeBytes);
        return new Body(bytes.toByteArray(), jsonBytes);
    }

    /** Whether every output that is asked for exists: said before a model is troubled. */
    static void check(InferRequest request, Signature signature) {
        for (InferRequest.Wanted wanted : request.outputs()) {
            if (!wanted.name().equals(signature.output())
                    && !(signature.decides() && wanted.name().equals(decision(signature)))) {
                throw unknown(wanted.name(), signature);
            }
        }
    }

    private static RuntimeException unknown(String name, Signature signature) {
        return Problem.input(
                        "output.unknown",
                        "no output '%s' (expected: %s)"
                                .formatted(
                                        name,
                                        signature.output()
                                                + (signature.decides()
                                                        ? " or " + decision(signature)
                                                        : "")))
                .exception();
    }

    private static void head(
            JsonGenerator json, String name, String datatype, int rows, int width) {
        json.writeStartObject();
        json.writeStringProperty("name", name);
        json.writeStringProperty("datatype", datatype);
        json.writeName("shape");
        json.writeStartArray();
        json.writeNumber(rows);
        json.writeNumber(width);
        json.writeEndArray();
    }

    private static void numbers(
            JsonGenerator json, Prediction prediction, boolean binary, List<byte[]> behind) {
        Signature signature = prediction.signature();
        head(json, signature.output(), "FP32", prediction.rows(), signature.width());
        if (binary) {
            behind(json, BinaryTensors.numbers(prediction), behind);
        } else {
            json.writeName("data");
            json.writeStartArray();
            for (float value : prediction.outputs()) {
                json.writeNumber(value);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void decisions(
            JsonGenerator json, Prediction prediction, boolean binary, List<byte[]> behind) {
        head(json, decision(prediction.signature()), "BYTES", prediction.rows(), 1);
        if (binary) {
            behind(json, BinaryTensors.decisions(prediction), behind);
        } else {
            json.writeName("data");
            json.writeStartArray();
            for (int row = 0; row < prediction.rows(); row++) {
                json.writeString(prediction.decision(row));
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void behind(JsonGenerator json, byte[] bytes, List<byte[]> behind) {
        json.writeName("parameters");
        json.writeStartObject();
        json.writeNumberProperty("binary_data_size", bytes.length);
        json.writeEndObject();
        behind.add(bytes);
    }
}
