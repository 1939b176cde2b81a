package dev.weir.server.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** The inference protocol and MLflow's scoring protocol, over real HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InferenceProtocolTest {
    private static final String INFER = "/v2/models/shop/infer";

    private Served served;

    @BeforeAll
    void serve(@TempDir Path folder) throws IOException {
        served = new Served(folder);
        served.model(
                50,
                Served.constant(
                        Signature.regression("price", List.of(new Input.Number("size", 0, 9))),
                        12.5));
        served.model(
                60,
                Served.constant(
                        Signature.multiclass(
                                "kind",
                                List.of(
                                        new Input.Number("size", 0, 9),
                                        new Input.Moment("day", Input.Moment.Unit.DAYS)),
                                List.of("a", "b", "c")),
                        3));
        served.route("shop", 70L, null);
        served.route("price", 50L, null);
        served.route("kind", 60L, null);
    }

    @AfterAll
    void end() {
        served.close();
    }

    @Test
    void saysWhatItTakesAndGives() {
        assertThat(served.get("/v2/health/live").json().path("live").booleanValue()).isTrue();
        assertThat(served.get("/v2/health/ready").json().path("ready").booleanValue()).isTrue();
        assertThat(served.get("/v2").json().path("extensions").toString())
                .isEqualTo("[\"binary_tensor_data\"]");
        JsonNode metadata = served.get("/v2/models/shop").json();
        assertThat(metadata.toString())
                .isEqualTo(
                        "{\"name\":\"shop\",\"versions\":[\"70\"],\"platform\":\"onnx_onnxv1\","
                            + "\"inputs\":[{\"name\":\"age\",\"datatype\":\"FP64\",\"shape\":[-1,1]},"
                            + "{\"name\":\"colour\",\"datatype\":\"BYTES\",\"shape\":[-1,1]}],"
                            + "\"outputs\":[{\"name\":\"probability\",\"datatype\":\"FP32\",\"shape\":[-1,1]},"
                            + "{\"name\":\"decision\",\"datatype\":\"BYTES\",\"shape\":[-1,1]}]}");
        assertThat(served.get("/v2/models/shop/versions/70").json()).isEqualTo(metadata);
        assertThat(served.get("/v2/models/shop/versions/70/ready").status()).isEqualTo(200);
        assertThat(served.get("/v2/models/none/ready").status()).isEqualTo(404);
    }

    @Test
    void answersWithNumbersAndDecisionsAndGivesTheIdBack() {
        Served.Answer answer =
                served.post(
                        INFER,
                        """
                        {"id":"mine","parameters":{"x":[1,{"y":2}]},"unknown":{"a":[]},
                         "inputs":[
                          {"data":[["red"],[null]],"shape":[2,1],"datatype":"BYTES","name":"colour"},
                          {"name":"age","shape":[2],"datatype":"INT64","data":[30,null]}]}
                        """);
        assertThat(answer.status()).isEqualTo(200);
        JsonNode json = answer.json();
        assertThat(json.path("id").stringValue()).isEqualTo("mine");
        assertThat(json.path("model_name").stringValue()).isEqualTo("shop");
        assertThat(json.path("model_version").stringValue()).isEqualTo("70");
        assertThat(json.at("/parameters/prediction_id").stringValue()).hasSize(26);
        assertThat(json.path("outputs").toString())
                .isEqualTo(
                        "[{\"name\":\"probability\",\"datatype\":\"FP32\",\"shape\":[2,1],\"data\":[0.7,0.7]},"
                            + "{\"name\":\"decision\",\"datatype\":\"BYTES\",\"shape\":[2,1],\"data\":[\"yes\",\"yes\"]}]");
    }

    @Test
    void answersOnlyWhatIsAskedFor() {
        String body = Served.rows(1);
        String asked =
                body.substring(0, body.length() - 1) + ",\"outputs\":[{\"name\":\"decision\"}]}";
        JsonNode outputs = served.post(INFER, asked).json().path("outputs");
        assertThat(outputs).hasSize(1);
        assertThat(outputs.at("/0/data/0").stringValue()).isEqualTo("yes");
    }

    @Test
    void takesAndGivesTensorsAsBytes() {
        byte[] colours = {3, 0, 0, 0, 'r', 'e', 'd', 0, 0, 0, 0};
        ByteBuffer ages =
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(30).putFloat(40);
        String json =
                """
                {"parameters":{"binary_data_output":true},"inputs":[\
                {"name":"age","datatype":"FP32","shape":[2,1],"parameters":{"binary_data_size":8}},\
                {"name":"colour","datatype":"BYTES","shape":[2,1],"parameters":{"binary_data_size":11}}],\
                "outputs":[{"name":"probability"},{"name":"decision","parameters":{"binary_data":false}}]}\
                """;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(json.getBytes(StandardCharsets.UTF_8));
        body.writeBytes(ages.array());
        body.writeBytes(colours);
        Served.Answer answer =
                served.post(
                        INFER,
                        body.toByteArray(),
                        "Inference-Header-Content-Length",
                        Integer.toString(json.length()));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/octet-stream");
        int head = Integer.parseInt(answer.header("Inference-Header-Content-Length"));
        byte[] all = answer.response().body();
        assertThat(new String(all, 0, head, StandardCharsets.UTF_8))
                .contains("\"binary_data_size\":8")
                .contains("[\"yes\",\"yes\"]");
        ByteBuffer tensor = ByteBuffer.wrap(all, head, 8).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(tensor.getFloat()).isEqualTo(0.7f);
        assertThat(all).hasSize(head + 8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {nonsense | 400 | not JSON at line 1, column 2
                    [] | 400 | the body: START_ARRAY
                    {} | 400 | no inputs
                    {"inputs":[]} | 400 | missing: age, colour
                    {"inputs":[{"name":"age","datatype":"FP64","shape":[1,1],"data":[1]}]} | 400 | missing: colour
                    {"inputs":[{"name":"age","datatype":"FP64","shape":[1,1],"data":["x"]}]} | 400 | age: value 1 is a text (expected: a number)
                    {"inputs":[{"name":"colour","datatype":"BYTES","shape":[1,1],"data":[7]}]} | 400 | colour: value 1 is a number
                    {"inputs":[{"name":"age","datatype":"BYTES","shape":[1,1],"data":["x"]}]} | 400 | age: datatype BYTES (expected: FP64)
                    {"inputs":[{"name":"age","datatype":"FP16","shape":[1,1],"data":[1]}]} | 400 | age: datatype FP16
                    {"inputs":[{"name":"age","shape":[1,1],"data":[1]}]} | 400 | age: no datatype
                    {"inputs":[{"name":"age","datatype":"FP64","data":[1]}]} | 400 | age: shape null
                    {"inputs":[{"name":"age","datatype":"FP64","shape":[1,2],"data":[1,2]}]} | 400 | age: shape [1, 2]
                    {"inputs":[{"name":"age","datatype":"FP64","shape":[3,1],"data":[1]}]} | 400 | age: 1 values (expected: 3
                    {"inputs":[{"name":"age","datatype":"FP64","shape":[-1,1],"data":[1]}]} | 400 | age: shape [-1, 1]
                    {"inputs":[{"name":"age","datatype":"FP64","shape":[1,1],"data":[NaN]}]} | 400 | not JSON
                    {"inputs":[{"name":"age","datatype":"FP64","shape":[1,1],"data":[1e999]},{"name":"colour","datatype":"BYTES","shape":[1],"data":[null]}]} | 400 | age: beyond all numbers
                    {"inputs":[{"name":"wage","datatype":"FP64","shape":[1,1],"data":[1]}]} | 400 | no input 'wage' (expected: age, colour)
                    {"inputs":[{"name":"age","datatype":"FP64","shape":[1],"data":[1]},{"name":"age","datatype":"FP64","shape":[1],"data":[1]}]} | 400 | age: is there twice
                    {"inputs":[{"name":"age","datatype":"FP64","shape":[1],"data":[1]},{"name":"colour","datatype":"BYTES","shape":[2],"data":["red","red"]}]} | 400 | colour: 2 rows (expected: 1
                    {"inputs":[{"datatype":"FP64","shape":[1],"data":[1]}]} | 400 | an input without a name
                    {"inputs":[{"name":"age","datatype":"FP64","shape":[1],"data":{"a":1}}]} | 400 | data: START_OBJECT
                    {"inputs":[{"name":"age","datatype":"FP64","shape":[1],"data":[[[[[[[[[[1]]]]]]]]]]}]} | 400 | data: START_ARRAY
                    {"inputs":[{"name":"age","datatype":"FP64","shape":[1],"parameters":{"binary_data_size":8}}]} | 400 | age: 8 bytes and 0 values
                    {"inputs":[{"name":"age","datatype":"FP64","shape":[1],"data":[1] | 400 | not JSON
                    """)
    void refusesWhatItCannotRead(String body, int status, String words) {
        Served.Answer answer = served.post(INFER, body);
        assertThat(answer.json().path("error").asString("")).contains(words);
        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    void refusesTooManyRowsTooLargeBodiesAndUnknownNames() {
        assertThat(served.post(INFER, Served.rows(10_001)).status()).isEqualTo(413);
        assertThat(served.post(INFER, new byte[17 << 20]).status()).isEqualTo(413);
        assertThat(served.post("/v2/models/none/infer", Served.rows(1)).status()).isEqualTo(404);
        assertThat(served.post("/v2/models/shop/versions/9/infer", Served.rows(1)).status())
                .isEqualTo(404);
        assertThat(served.post("/v2/models/shop/versions/x/infer", Served.rows(1)).status())
                .isEqualTo(404);
        assertThat(served.post("/v2/models/shop/explain", Served.rows(1)).status()).isEqualTo(404);
        assertThat(served.get(INFER).status()).isEqualTo(405);
        assertThat(
                        served.post(
                                        INFER,
                                        Served.rows(1),
                                        "Inference-Header-Content-Length",
                                        "99999")
                                .status())
                .isEqualTo(400);
        String body = Served.rows(1);
        assertThat(
                        served.post(
                                        INFER,
                                        body.substring(0, body.length() - 1)
                                                + ",\"outputs\":[{\"name\":\"x\"}]}")
                                .text())
                .contains("no output 'x' (expected: probability or decision)");
        assertThat(served.post(INFER, Served.rows(1)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"dataframe_split":{"columns":["colour","age","more"],"data":[["red",30,1]]}} | application/json
                    {"dataframe_records":[{"age":30,"colour":"red","more":true}]} | application/json; charset=UTF-8
                    {"instances":[{"age":30,"colour":"red"}],"params":{}} | application/json
                    {"instances":[[30,"red"]]} | application/json
                    {"inputs":{"age":[30],"colour":["red"]}} | application/json
                    {"inputs":{"age":30,"colour":"red"}} | application/json
                    {"inputs":[[30,"red"]]} | application/json
                    `colour,age\n"re""d",30.5` | text/csv
                    `age,colour\r\n,\r\n` | text/csv
                    """)
    void takesEachFormOfMlflow(String body, String type) {
        Served.Answer answer =
                served.post(
                        "/endpoints/shop/invocations",
                        body.replace("\\n", "\n").replace("\\r", "\r"),
                        "Content-Type",
                        type);
        assertThat(answer.text())
                .isEqualTo("{\"predictions\":[{\"score\":0.7,\"decision\":\"yes\"}]}");
        assertThat(answer.header("X-Weir-Prediction-Id")).hasSize(26);
    }

    @Test
    void saysOfManyClassesEachProbabilityAndOfNumbersTheNumber() {
        Served.Answer kinds =
                served.post(
                        "/endpoints/kind/invocations",
                        "{\"dataframe_records\":[{\"day\":\"2026-11-25\",\"size\":1}]}",
                        "Content-Type",
                        "application/json");
        assertThat(kinds.json().at("/predictions/0/decision").asString("")).isEqualTo("a");
        assertThat(kinds.json().at("/predictions/0/p_b").doubleValue()).isBetween(0.0, 0.1);
        Served.Answer prices =
                served.post(
                        "/endpoints/price/invocations",
                        "{\"instances\":[1,2]}",
                        "Content-Type",
                        "application/json");
        assertThat(prices.text()).isEqualTo("{\"predictions\":[12.5,12.5]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"dataframe_records":[{"age":30}]} | application/json | 400 | missing: colour
                    {"dataframe_records":[{"age":"old","colour":"red"}]} | application/json | 400 | age: "old" in row 1 (expected: a number)
                    {"dataframe_records":[{"age":"0x10","colour":"red"}]} | application/json | 400 | (expected: a number)
                    {"dataframe_records":[{"age":1,"colour":5}]} | application/json | 400 | (expected: a text)
                    {"dataframe_records":[],"inputs":[]} | application/json | 400 | exactly one of
                    [[1,2]] | application/json | 400 | exactly one of
                    {"dataframe_split":{"columns":["age"],"data":[[1,2]]}} | application/json | 400 | an array of 1 values
                    {"inputs":{"age":[1,2],"colour":["red"]}} | application/json | 400 | colour has 1 values
                    {"dataframe_records":[]} | application/json | 400 | missing
                    age | text/plain | 415 | Content-Type
                    age | application/json; charset=latin-1 | 415 | Content-Type
                    `age,colour\n"1` | text/csv | 400 | a quote that is not closed
                    `age,colour\n1` | text/csv | 400 | row 1 has 1 values (expected: 2)
                    """)
    void refusesInMlflowsWords(String body, String type, int status, String words) {
        Served.Answer answer =
                served.post(
                        "/endpoints/shop/invocations",
                        body.replace("\\n", "\n"),
                        "Content-Type",
                        type);
        assertThat(answer.json().path("message").asString("")).contains(words);
        assertThat(answer.json().path("error_code").asString("")).isEqualTo("BAD_REQUEST");
        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    void noBytesThatAreSentMakeItFail() {
        SplittableRandom random = new SplittableRandom(11);
        byte[] whole = Served.rows(2).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 400; i++) {
            byte[] body = whole.clone();
            for (int k = random.nextInt(1, 4); k > 0; k--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            Served.Answer answer = served.post(INFER, body);
            assertThat(answer.status())
                    .as(new String(body, StandardCharsets.ISO_8859_1))
                    .isIn(200, 400, 413);
        }
    }

    @Test
    void outlivesClientsThatStopInTheMiddle() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (Socket socket = new Socket("127.0.0.1", served.port())) {
                OutputStream out = socket.getOutputStream();
                out.write(
                        ("POST "
                                        + INFER
                                        + " HTTP/1.1\r\n"
                                        + "Host: localhost\r\n"
                                        + "Content-Length: 500\r\n\r\n"
                                        + "{")
                                .getBytes(StandardCharsets.US_ASCII));
                out.flush();
                if (i % 2 == 0) {
                    socket.shutdownOutput();
                    InputStream in = socket.getInputStream();
                    assertThat(in.read()).isNotEqualTo(0); // an answer, or the end
                }
            }
        }
        Served.await(
                () ->
                        served.get("/metrics")
                                .text()
                                .contains("inference_requests_in_flight{model=\"shop\"} 0\n"));
        assertThat(served.answering("shop")).isEqualTo(70);
    }

    @Test
    void showsItsFiguresToPrometheus() {
        served.answering("shop");
        assertThat(served.get("/metrics").text())
                .containsPattern(
                        "inference_requests_total\\{model=\"shop\",version=\"70\",route=\"primary\",code=\"200\"}"
                            + " \\d+")
                .contains("# TYPE inference_request_duration_seconds histogram")
                .contains("inference_queue_depth{model=\"shop\"} 0")
                .contains("process_cpu_seconds_total");
    }
}
