package dev.weir.server.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.store.meta.Dialect;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Replays what MLflow's Python client and its own server said to each other, and compares each
 * answer field by field. Ids and times differ; so does what {@code docs/mlflow-differences.md}
 * lists, and what is listed there must differ.
 */
@ParameterizedClass
@EnumSource(Dialect.class)
class WireReplayTest {
    private static final Pattern TIME = Pattern.compile(".*(_time|timestamp|timestamp_ms)$");
    private static final Pattern LISTED =
            Pattern.compile("^\\| ([\\d, ]+) \\| `([^`]+)` \\|.*", Pattern.MULTILINE);

    private final Dialect dialect;
    private final Map<String, String> ids = new LinkedHashMap<>();
    private final List<String> found = new ArrayList<>();

    @TempDir Path home;
    private TestServer server;

    WireReplayTest(Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start() {
        server = TestServer.start(home, dialect);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everyAnswerIsTheRecordedOneButForWhatIsListed() throws IOException {
        List<JsonNode> pairs = recorded();
        Map<String, Integer> sizes = sizes(pairs);
        server.experiment("so that the next has the recorded id");
        for (int i = 0; i < pairs.size(); i++) {
            replay(i, pairs.get(i), sizes);
        }
        assertThat(new HashSet<>(found)).isEqualTo(listed());
    }

    private static List<JsonNode> recorded() throws IOException {
        Optional<Path> wire = upwards("shared/reference/mlflow-wire.jsonl");
        assumeTrue(wire.isPresent(), "skipped: no recorded wire beside the repository");
        return Files.readAllLines(wire.orElseThrow()).stream()
                .map(JsonMapper.shared()::readTree)
                .toList();
    }

    private static Optional<Path> upwards(String file) {
        return Stream.iterate(
                        Optional.of(Path.of("").toAbsolutePath()),
                        Optional::isPresent,
                        folder -> folder.map(Path::getParent))
                .map(folder -> folder.orElseThrow().resolve(file))
                .filter(Files::exists)
                .findFirst();
    }

    /** What the listings tell of the files: their content was not recorded. */
    private static Map<String, Integer> sizes(List<JsonNode> pairs) {
        Map<String, Integer> sizes = new TreeMap<>();
        for (JsonNode pair : pairs) {
            if (pair.path("u").asString().endsWith("/mlflow-artifacts/artifacts")) {
                String folder = pair.at("/req/path").asString();
                for (JsonNode file :
                        JsonMapper.shared().readTree(pair.path("resp").asString()).path("files")) {
                    sizes.put(
                            folder + "/" + file.path("path").asString(),
                            file.path("file_size").asInt(0));
                }
            }
        }
        return sizes;
    }

    private void replay(int number, JsonNode pair, Map<String, Integer> sizes) {
        String method = pair.path("m").asString();
        String path = pair.path("u").asString();
        byte[] body = new byte[0];
        String query = "";
        if (method.equals("PUT")) {
            String file = path.substring(path.indexOf("/artifacts/") + "/artifacts/".length());
            body = "x".repeat(sizes.getOrDefault(file, 3)).getBytes(StandardCharsets.UTF_8);
        } else if (method.equals("GET")) {
            query = query(pair.path("req"));
        } else if (pair.path("req").isObject()) {
            body = ours(pair.path("req").toString()).getBytes(StandardCharsets.UTF_8);
        }
        TestServer.Answer answer =
                server.send(method, ours(path).replace(" ", "%20") + query, body);
        if (answer.status() != pair.path("status").asInt()) {
            differs(number, "status");
            return;
        }
        String recorded = pair.path("resp").asString("");
        if (recorded.startsWith("<")) {
            String type = recorded.substring(1).split("[ ;>]")[0];
            if (!answer.contentType().startsWith(type)) {
                differs(number, "content-type");
            }
        } else if (!pair.path("resp_truncated").asBoolean(false)) {
            compare(number, "", JsonMapper.shared().readTree(recorded), answer.json());
        } else {
            learn(recorded, answer);
        }
    }

    /** From an answer that was cut off: only the id of what it made. */
    private void learn(String recorded, TestServer.Answer answer) {
        Matcher model = Pattern.compile("\"model_id\": \"(m-[0-9a-f]{32})\"").matcher(recorded);
        JsonNode id = answer.json().at("/model/info/model_id");
        if (model.find() && id.isString()) {
            ids.putIfAbsent(model.group(1), id.asString());
        }
    }

    private String query(JsonNode request) {
        List<String> query = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : request.properties()) {
            Stream<JsonNode> values =
                    field.getValue().isArray()
                            ? field.getValue().valueStream()
                            : Stream.of(field.getValue());
            values.forEach(
                    value ->
                            query.add(
                                    field.getKey()
                                            + "="
                                            + URLEncoder.encode(
                                                    ours(value.asString()),
                                                    StandardCharsets.UTF_8)));
        }
        return query.isEmpty() ? "" : "?" + String.join("&", query);
    }

    private String ours(String text) {
        String replaced = text;
        for (Map.Entry<String, String> id : ids.entrySet()) {
            replaced = replaced.replace(id.getKey(), id.getValue());
        }
        return replaced;
    }

    private void differs(int number, String at) {
        found.add(number + " " + at);
    }

    private void compare(int number, String at, JsonNode recorded, JsonNode ours) {
        String name = at.substring(at.lastIndexOf('/') + 1);
        if (Set.of("run_id", "run_uuid", "model_id").contains(name)
                && ours.isString()
                && recorded.isString()
                && !recorded.asString().isEmpty()) {
            ids.putIfAbsent(recorded.asString(), ours.asString());
        }
        if (recorded.isObject() && ours.isObject()) {
            Set<String> names = new HashSet<>();
            recorded.properties().forEach(p -> names.add(p.getKey()));
            ours.properties().forEach(p -> names.add(p.getKey()));
            for (String field : names) {
                if (!recorded.has(field) || !ours.has(field)) {
                    differs(number, at + "/" + field);
                } else {
                    compare(number, at + "/" + field, recorded.get(field), ours.get(field));
                }
            }
        } else if (recorded.isArray() && ours.isArray()) {
            List<JsonNode> left = sorted(recorded);
            List<JsonNode> right = sorted(ours);
            if (left.size() != right.size()) {
                differs(number, at);
                return;
            }
            for (int i = 0; i < left.size(); i++) {
                compare(number, at, left.get(i), right.get(i));
            }
        } else if (recorded.isNumber() && ours.isNumber()) {
            boolean time = TIME.matcher(name).matches();
            if (!time && recorded.doubleValue() != ours.doubleValue()) {
                differs(number, at);
            }
        } else if (!ours(recorded.asString("")).equals(ours.asString(""))
                || recorded.isString() != ours.isString()) {
            differs(number, at);
        }
    }

    /** Keys and values, and files, are in no order. */
    private static List<JsonNode> sorted(JsonNode list) {
        List<JsonNode> items = new ArrayList<>(list.valueStream().toList());
        items.sort(
                Comparator.comparing(
                        item -> item.path("key").asString("") + item.path("path").asString("")));
        return items;
    }

    private static Set<String> listed() throws IOException {
        Path docs = upwards("docs/mlflow-differences.md").orElseThrow();
        Matcher row = LISTED.matcher(Files.readString(docs));
        Set<String> listed = new HashSet<>();
        while (row.find()) {
            for (String number : row.group(1).split(",")) {
                listed.add(number.strip() + " " + row.group(2));
            }
        }
        return listed;
    }
}
