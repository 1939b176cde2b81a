package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Does what README.md says, from its first command to its last, as a newcomer would: in a shell,
 * with {@code weir} on the PATH and a table like the one that the page speaks of. How a page is to
 * be written for it stands at the end of README.md.
 */
@DisabledOnOs(OS.WINDOWS)
class ReadmeTest {
    /** What a shell block may say without being run here. */
    private static final Map<String, String> RUN_ELSEWHERE =
            Map.of("./weir demo", "DemoTest", "mvn verify", "this very build");

    private static final Pattern EXIT_CODE = Pattern.compile("# exit code (\\d+)$");

    @TempDir Path temp;

    private Path here = Path.of("");

    @Test
    void everyCommandOfTheReadmeWorksAndSaysWhatThePageShows() throws Exception {
        here = temp;
        Files.writeString(temp.resolve("adult.csv"), people());
        for (MarkdownPage.Block block :
                MarkdownPage.blocks(MarkdownPage.repository().resolve("README.md"))) {
            if (!block.file().isEmpty()) {
                write(block);
                continue;
            }
            switch (block.language()) {
                case "console" -> run(block);
                case "sh" -> requireRunElsewhere(block);
                default -> {} // yaml: PagesTest; the others are pictures
            }
        }
    }

    private void write(MarkdownPage.Block block) throws IOException {
        Path file = here.resolve(block.file());
        Files.createDirectories(file.getParent());
        boolean append = block.verb().equals("append to");
        Files.writeString(
                file,
                (append ? "\n" : "") + block.text(),
                StandardOpenOption.CREATE,
                append ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
    }

    private static void requireRunElsewhere(MarkdownPage.Block block) {
        for (String line : block.text().lines().toList()) {
            String command = line.replaceFirst("\\s*#.*", "");
            assertThat(RUN_ELSEWHERE)
                    .as(
                            "README.md:%d: %s is run by no test; use a console block",
                            block.line(), line)
                    .containsKey(command);
        }
    }

    private void run(MarkdownPage.Block block) throws Exception {
        List<String> lines = block.text().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).as("README.md:%d", block.line()).startsWith("$ ");
            String command = lines.get(i).substring(2);
            List<String> shown = new ArrayList<>();
            while (i + 1 < lines.size() && !lines.get(i + 1).startsWith("$ ")) {
                shown.add(lines.get(++i));
            }
            Matcher exit = EXIT_CODE.matcher(command);
            int expected = exit.find() ? Integer.parseInt(exit.group(1)) : 0;
            Said said = shell(command);
            String where =
                    "README.md:%d: %s%n%s%s"
                            .formatted(block.line(), command, said.out(), said.err());
            assertThat(said.exitCode()).as(where).isEqualTo(expected);
            requireShown(shown, said.out(), where);
        }
    }

    /** Each line of the page stands in the answer, in this order; see {@link #loosely}. */
    private static void requireShown(List<String> shown, String out, String where) {
        List<String> answer = out.lines().toList();
        int at = 0;
        for (String line : shown) {
            Pattern pattern = loosely(line);
            int from = at;
            while (at < answer.size()
                    && !pattern.matcher(MarkdownPage.loosely(answer.get(at))).matches()) {
                at++;
            }
            assertThat(at)
                    .as("%s%n\"%s\" (looked for from line %d on)", where, line, from + 1)
                    .isLessThan(answer.size());
            at++;
        }
    }

    /** Numbers and ids are not the page's business, nor is how wide a column is. */
    private static Pattern loosely(String line) {
        String quoted = Pattern.quote(MarkdownPage.loosely(line)).replace("…", "\\E.*\\Q");
        return Pattern.compile(quoted);
    }

    private record Said(int exitCode, String out, String err) {}

    private Said shell(String command) throws Exception {
        Path place = temp.resolve("place");
        String script = command + "\ncode=$?\npwd >'" + place + "'\nexit $code";
        ProcessBuilder weir = BuiltApp.weir();
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", script).directory(here.toFile());
        shell.environment().putAll(weir.environment());
        shell.environment()
                .merge(
                        "PATH",
                        MarkdownPage.repository().toString(),
                        (path, own) -> own + ":" + path);
        Path err = temp.resolve("err");
        Process process = shell.redirectError(err.toFile()).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        int exitCode = process.waitFor();
        here = Path.of(Files.readString(place).strip());
        return new Said(exitCode, out, Files.readString(err));
    }

    /** A table like Adult, whose rows are nobody's. */
    private static String people() {
        Random random = new Random(11);
        List<String> work = List.of("Private", "Self-emp", "State-gov", "?");
        List<String> education = List.of("HS-grad", "Some-college", "Bachelors", "Masters");
        StringBuilder csv =
                new StringBuilder(
                        "age,workclass,fnlwgt,education,marital_status,sex,capital_gain,"
                                + "hours_per_week,income\n");
        for (int i = 0; i < 3000; i++) {
            int age = 17 + random.nextInt(60);
            int learned = random.nextInt(education.size());
            boolean married = random.nextInt(100) < 20 + age;
            int gain = random.nextInt(12) == 0 ? 2000 + random.nextInt(9000) : 0;
            int hours = 20 + random.nextInt(45);
            double odds =
                    -9
                            + 0.05 * age
                            + 1.3 * learned
                            + (married ? 2.5 : 0)
                            + 0.06 * hours
                            + gain / 900.0;
            boolean rich = random.nextDouble() < 1 / (1 + StrictMath.exp(-1.6 * odds));
            csv.append(
                    String.format(
                            Locale.ROOT,
                            "%d,%s,%d,%s,%s,%s,%d,%d,%s%n",
                            age,
                            work.get(Math.min(random.nextInt(20) / 5, 3)),
                            20000 + random.nextInt(300000),
                            education.get(learned),
                            married ? "Married" : "Never-married",
                            random.nextBoolean() ? "Female" : "Male",
                            gain,
                            hours,
                            rich ? ">50K" : "<=50K"));
        }
        return csv.toString();
    }
}
