package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How a model came to be, as a person asks: lineage, diff, gates history. */
class CliHistoryTest {
    private static final String CONFIG = "configs/training/shop.yaml";

    @TempDir Path above;

    private Terminal twoVersions() throws IOException {
        Files.writeString(above.resolve("shop.csv"), Terminal.shop(600));
        new Terminal(above)
                .weir("init", "shop", "--data", "shop.csv", "--target", "bought")
                .exits(0);
        Terminal shop = new Terminal(above).in("shop");
        shop.weir("run").exits(0);
        edit(shop, CONFIG, "eta: 0.1", "eta: 0.2");
        edit(shop, "tests/README.md", "# Tests", "# The tests");
        shop.weir("run");
        return shop;
    }

    private static void edit(Terminal shop, String file, String from, String to)
            throws IOException {
        Path path = shop.folder().resolve(file);
        String text = Files.readString(path);
        assertThat(text).contains(from);
        Files.writeString(path, text.replace(from, to));
    }

    @Test
    void saysWhatChangedFromOneVersionToTheNextAndSinceADay() throws IOException {
        Terminal shop = twoVersions();
        JsonNode changes = shop.weir("diff", "shop:1", "shop:2", "--json").exits(0).json();
        assertThat(changes.path("links").propertyNames())
                .containsExactlyInAnyOrder("code", "config");
        JsonNode config = changes.path("links").path("config");
        assertThat(config.toString())
                .isEqualTo("[{\"what\":\"config.eta\",\"before\":\"0.1\",\"after\":\"0.2\"}]");
        assertThat(changes.path("links").path("code").findValuesAsString("what"))
                .contains(CONFIG, "tests/README.md")
                .doesNotContain("tree", "digest");
        assertThat(changes.path("metrics").path("roc_auc").path("after").isNumber()).isTrue();
        assertThat(shop.weir("diff", "shop:1", "shop:2").exits(0).out())
                .contains("shop:1 -> shop:2", "config.eta", "0.2");
        assertThat(shop.weir("diff", "shop:2", "shop:2").exits(0).out())
                .contains("the same code, data, features, config and environment");

        JsonNode since =
                shop.weir("diff", "shop", "--since", "2020-01-01", "--json").exits(0).json();
        assertThat(since.path("changes").size()).isEqualTo(1);
        assertThat(shop.weir("diff", "shop", "--since", "2999-01-01").exits(0).out())
                .contains("No version of shop was registered");
        assertThat(shop.weir("diff", "shop").exits(2).err()).contains("a second version, or a day");
        assertThat(shop.weir("diff", "shop", "--since", "Someday").exits(2).err())
                .contains("expected: a day or a moment");
        assertThat(shop.weir("diff", "shop:1", "shop:9").exits(2).err()).contains("shop:9");
    }

    @Test
    void goesFromAVersionToItsTableAndFromATableToItsVersions() throws IOException {
        Terminal shop = twoVersions();
        JsonNode back = shop.weir("lineage", "shop:2", "--json").exits(0).json();
        assertThat(back.path("datasets").get(0).path("dataset").stringValue()).isEqualTo("shop");
        assertThat(back.path("versions").get(0).path("version").intValue()).isEqualTo(2);
        JsonNode forth = shop.weir("lineage", "dataset:shop:1", "--json").exits(0).json();
        assertThat(forth.path("versions").valueStream().map(v -> v.path("version").intValue()))
                .containsExactly(2, 1);
        assertThat(shop.weir("lineage", "shop").exits(0).out())
                .contains("shop:2", "<- data", "dataset:shop:1", "600 rows");
        assertThat(shop.weir("lineage", "dataset:shop:1").exits(0).out()).contains("made of it");
        assertThat(shop.weir("lineage", "dataset:shop").exits(2).err())
                .contains("expected: dataset:NAME:NUMBER");
        assertThat(shop.weir("lineage", "dataset:shopp:1").exits(2).err()).contains("shop");
    }

    @Test
    void drawsAFigureOverTheVersionsAndMarksWhatWasRelaxed() throws IOException {
        Terminal shop = twoVersions();
        edit(shop, "pipelines/shop.yaml", "roc_auc: {min: 0.", "roc_auc: {min: 0.0");
        shop.weir("run").exits(0);
        JsonNode history =
                shop.weir("gates", "history", "shop", "roc_auc", "--json").exits(0).json();
        JsonNode floor = history.path("gates").path("validate.roc_auc.min");
        assertThat(floor.size()).isEqualTo(3);
        assertThat(floor.get(2).path("limit").doubleValue())
                .isLessThan(floor.get(1).path("limit").doubleValue());
        assertThat(floor.get(2).path("relaxed").stringValue()).startsWith("shop:1 was asked for");
        assertThat(shop.weir("gates", "history", "shop", "roc_auc").exits(0).out())
                .contains("validate.roc_auc.min", "shop:2", "###", "relaxed");
        assertThat(shop.weir("models", "show", "shop:2").exits(0).out()).contains("relaxed");
        assertThat(shop.weir("gates", "history", "shop", "rock").exits(2).err())
                .contains("no gate of shop looked at rock");
    }
}
