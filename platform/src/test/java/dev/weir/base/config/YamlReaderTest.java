package dev.weir.base.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weir.base.problem.Kind;
import dev.weir.base.problem.Problem;
import dev.weir.base.problem.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

class YamlReaderTest {
    @TempDir Path folder;
    private final YamlReader reader = new YamlReader();

    @Test
    void readsByVersionOneTwoWithPlaces() {
        ConfigNode root =
                reader.parse("a.yaml", "on: yes\nn: 012\nlist:\n  - 1.5\n  - x\nt: 5m\ns: 4GiB\n");
        assertThat(root.need("on").text()).isEqualTo("yes");
        assertThat(root.need("n").whole()).isEqualTo(12);
        assertThat(root.need("list").items().get(1).place()).hasToString("a.yaml:5:5");
        assertThat(root.need("list").items().get(0).number()).isEqualTo(1.5);
        assertThat(root.need("t").duration()).isEqualTo(Duration.ofMinutes(5));
        assertThat(root.need("s").sizeBytes()).isEqualTo(4L << 30);
    }

    @Test
    void refusesAKeyThatStandsTwiceAndNamesBothPlaces() {
        Problem problem = only("a: 1\nb: 2\na: 3\n");
        assertThat(problem.line()).isEqualTo("x.yaml:3:1: a: stands twice, first in line 1");
    }

    @Test
    void tellsWhereTheSyntaxBreaks() {
        assertThat(only("a: [1, 2\nb: 3\n").place()).hasToString("x.yaml:2:2");
        assertThat(only("a: \"open\n").code()).isEqualTo("yaml.syntax");
        assertThat(only("\ta: 1\n").kind()).isEqualTo(Kind.INPUT);
    }

    @Test
    void reportsEveryBreachOfTheSchemaAtOnceWithItsPlace() throws IOException {
        Path file = folder.resolve("weir.yaml");
        Files.writeString(
                file, "project: income\nworkspcae: a\nresources:\n  cpu: -1\n  gpu: many\n");
        List<String> lines =
                catchThrowableOfType(
                                ProblemException.class,
                                () -> reader.read(file, ConfigSchema.PROJECT))
                        .problems()
                        .stream()
                        .map(p -> p.line().replace(file.toString(), "weir.yaml") + hint(p))
                        .toList();
        assertThat(lines)
                .containsExactly(
                        "weir.yaml:2:1: workspcae: unknown key Did you mean workspace?",
                        "weir.yaml:4:8: resources.cpu: -1 (expected: above 0)",
                        "weir.yaml:5:8: resources.gpu: many (expected: a whole number)");
    }

    @Test
    void namesWhatIsMissing() throws IOException {
        Path file = Files.writeString(folder.resolve("weir.yaml"), "home: .weir\n");
        ProblemException e =
                catchThrowableOfType(
                        ProblemException.class, () -> reader.read(file, ConfigSchema.PROJECT));
        assertThat(e.problems().getFirst().message()).isEqualTo("project: missing");
    }

    @Test
    void refusesWhatIsNoTextFile() throws IOException {
        Path file = folder.resolve("bad.yaml");
        Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xff, '\n'});
        assertThat(thrown(file).code()).isEqualTo("file.encoding");
        assertThat(thrown(folder.resolve("none.yaml")).code()).isEqualTo("file.missing");
        assertThat(thrown(folder).code()).isEqualTo("file.folder");
    }

    private Problem thrown(Path file) {
        return catchThrowableOfType(ProblemException.class, () -> reader.read(file))
                .problems()
                .getFirst();
    }

    private Problem only(String text) {
        return catchThrowableOfType(ProblemException.class, () -> reader.parse("x.yaml", text))
                .problems()
                .getFirst();
    }

    private static String hint(Problem problem) {
        return problem.hint() == null ? "" : " " + problem.hint();
    }
}
