package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a person does with a registered version: score a table, take it elsewhere, see it fail. */
class CliPredictTest {
    @TempDir Path above;
    private Terminal shop;

    @BeforeEach
    void train() throws IOException {
        Files.writeString(above.resolve("shop.csv"), Terminal.shop(600));
        new Terminal(above)
                .weir("init", "shop", "--data", "shop.csv", "--target", "bought")
                .exits(0);
        shop = new Terminal(above).in("shop");
    }

    private void edit(String file, String from, String to) throws IOException {
        Path path = shop.folder().resolve(file);
        String text = Files.readString(path);
        assertThat(text).contains(from);
        Files.writeString(path, text.replace(from, to));
    }

    @Test
    void scoresATableAndPutsWhatItSaysBesideTheRows() throws IOException {
        shop.weir("run").exits(0);
        Files.writeString(
                shop.folder().resolve("new.csv"),
                "name,city,visits,age,score\nAnn,Rome,29,20,a\nBob,Oslo,0,70,b\n007,,,,c\n");
        assertThat(
                        shop.weir("predict", "shop@staging", "new.csv", "--out", "scored.csv")
                                .exits(0)
                                .out())
                .contains("scored.csv is written: 3 rows, scored by shop:1");
        List<String> lines = Files.readAllLines(shop.folder().resolve("scored.csv"));
        assertThat(lines.getFirst()).isEqualTo("name,city,visits,age,score,score_,decision");
        assertThat(lines.get(1)).startsWith("Ann,Rome,29,20,a,0.").endsWith(",yes");
        assertThat(lines.get(2)).startsWith("Bob,Oslo,0,70,b,").endsWith(",no");
        assertThat(lines.get(3)).startsWith("007,,,,c,0.");

        JsonNode said =
                shop.weir("predict", "shop:1", "new.csv", "--out", "scored.parquet", "--json")
                        .exits(0)
                        .json();
        assertThat(said.path("rows").intValue()).isEqualTo(3);
        assertThat(shop.weir("data", "suggest", "scored.parquet").exits(0).out())
                .contains("decision");

        Files.writeString(shop.folder().resolve("few.csv"), "city,age\nRome,20\n");
        assertThat(shop.weir("predict", "shop", "few.csv", "--out", "x.csv").exits(2).err())
                .contains("visits");
        assertThat(shop.folder().resolve("x.csv")).doesNotExist();
        assertThat(shop.weir("predict", "shop", "gone.csv", "--out", "x.csv").exits(2).err())
                .contains("gone.csv");
        assertThat(shop.weir("predict", "shop:7", "few.csv", "--out", "x.csv").exits(2).err())
                .contains("shop:7");
        assertThat(shop.weir("predict", "shop", "few.csv", "--out", "few.csv").exits(2).err())
                .contains("few.csv: is read by this command");
        assertThat(shop.weir("predict", "shop", "few.csv", "--out", "no/x.csv").exits(2).err())
                .contains("its folder is not there");
        try (var files = Files.list(shop.folder())) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .noneMatch(name -> name.contains(".part"));
        }
    }

    @Test
    void writesTheFolderOfAVersionWithACardAndNeverOverAnother() throws IOException {
        shop.weir("run").exits(0);
        assertThat(shop.weir("models", "export", "shop:1").exits(0).out())
                .contains("shop-1 is written: README.md, model.onnx, serving.json, signature.json");
        assertThat(shop.folder().resolve("shop-1/README.md"))
                .content()
                .contains(
                        "# shop:1", "| visits | FP64 |", "| city | BYTES | 3 values |", "roc_auc");
        assertThat(shop.folder().resolve("shop-1/model.onnx")).isNotEmptyFile();
        assertThat(shop.weir("models", "export", "shop:1").exits(4).err()).contains("not empty");
    }

    @Test
    void aModelThatIsTurnedDownIsLookedInto() throws IOException {
        edit("pipelines/shop.yaml", "roc_auc: {min: 0.", "roc_auc: {min: 0.9999} #");
        edit("expectations/shop.yaml", "city: {", "city: {pii: true, ");
        Terminal.Answer rejected = shop.weir("run").exits(1);
        assertThat(rejected.out()).contains("fails most on", "leans most on visits");
        JsonNode found = shop.weir("runs", "show", "--json").exits(0).json().path("diagnosis");
        assertThat(found.path("metric").stringValue()).isEqualTo("roc_auc");
        assertThat(found.path("importance").get(0).path("column").stringValue())
                .isEqualTo("visits");
        assertThat(found.path("importance").get(0).path("drop").doubleValue()).isPositive();
        assertThat(found.path("worst").size()).isEqualTo(10);
        double last = Double.POSITIVE_INFINITY;
        for (JsonNode slice : found.path("slices")) {
            assertThat(slice.path("loss").doubleValue())
                    .isGreaterThan(found.path("loss").doubleValue());
        }
        for (JsonNode row : found.path("worst")) {
            boolean yes = row.path("truth").stringValue().equals("yes");
            double loss =
                    -Math.log(
                            yes
                                    ? row.path("score").doubleValue()
                                    : 1 - row.path("score").doubleValue());
            assertThat(loss).isLessThanOrEqualTo(last);
            last = loss;
            assertThat(row.path("inputs").path("city").stringValue()).isEqualTo("***");
        }
        assertThat(found.toString()).doesNotContain("Rome", "Oslo", "Bern");
        assertThat(shop.weir("runs", "show").exits(0).out())
                .contains("most wrong", "leans on", "drop of roc_auc");
        shop.weir("runs", "show", "--html", "page.html").exits(0);
        assertThat(shop.folder().resolve("page.html"))
                .content()
                .contains("Rows that it gets most wrong", "without visits its roc_auc drops");
    }
}
