package dev.weir.base.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.util.Map;
import java.util.TreeMap;

class YamlEditTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final String FILE =
            """
            # Hyper-parameters.
            rounds: 200
            eta: 0.1   # slow
            grow_policy: 'depthwise'   # as ever

            # Where to look.
            sweep:
              space: {eta: [0.1, 0.2]}
            """;

    @Test
    void valuesChangeAndCommentsStay() {
        Map<String, JsonNode> values =
                new TreeMap<>(
                        Map.of(
                                "eta", NODES.numberNode(0.0312),
                                "gamma", NODES.numberNode(1e-5),
                                "grow_policy", NODES.stringNode("lossguide")));
        assertThat(YamlEdit.set("a.yaml", FILE, values, "sweep"))
                .isEqualTo(
                        """
                        # Hyper-parameters.
                        rounds: 200
                        eta: 0.0312   # slow
                        grow_policy: lossguide   # as ever

                        gamma: 0.000010
                        # Where to look.
                        sweep:
                          space: {eta: [0.1, 0.2]}
                        """);
    }

    @Test
    void whatCannotBeChangedAloneIsLeftAsItIs() {
        for (String text :
                new String[] {"{eta: 0.1, rounds: 3}\n", "eta:\n  0.1\n", "eta: &e 0.1\nx: *e\n"}) {
            assertThatThrownBy(
                            () ->
                                    YamlEdit.set(
                                            "a.yaml",
                                            text,
                                            Map.of("eta", NODES.numberNode(0.2)),
                                            "sweep"))
                    .hasMessageContaining("cannot be changed without changing more");
        }
    }
}
