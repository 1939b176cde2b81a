package dev.weir.ml.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Delimited files made at random, of columns {@code c0} and on, and then spoiled at random. */
public final class StrangeCsv {
    /** What stands in a column: some of these, and now and then one of the odd ones. */
    private static final List<List<String>> KINDS =
            List.of(
                    List.of("0", "7", "12", "-3", "400000", "-999", "123456789012345678"),
                    List.of("1.5", "-0.25", "3", "12345.678901234567", "0.1", "2.50", "-7"),
                    List.of("1e5", "2.5E-07", "-1.25e+10", "0.5", "9"),
                    List.of("12.30", "7.1", "-400.25", "8", "0.05"),
                    List.of("true", "false", "True", "FALSE"),
                    List.of("2020-01-31", "1999-12-01", "2024-02-29"),
                    List.of(
                            "2020-01-31 10:20:30",
                            "2020-01-31T10:20:30",
                            "2020-01-31",
                            "2020-01-31 23:59:59.123456",
                            "2020-01-31 00:00:00.5"),
                    List.of("US", "DE", "grün", "北京", "x", "two words", "NA", "7a"),
                    List.of("\"a,b\"", "\"say \"\"so\"\"\"", "plain", "\"quoted\"", "\"\""),
                    List.of("007", "012", "100"));

    private static final List<String> ODD =
            List.of(
                    "",
                    "?",
                    "NA",
                    "nan",
                    "NaN",
                    "NULL",
                    "-",
                    ".",
                    "N/A",
                    "none",
                    " 12",
                    "12 ",
                    "1_000",
                    "0x1F",
                    "+5",
                    "5.",
                    ".5",
                    "inf",
                    "-inf",
                    "1e400",
                    "1e2",
                    "1.5",
                    "1.0",
                    "123456789012345678901",
                    "9223372036854775807",
                    "9223372036854775808",
                    "-0",
                    "00.5",
                    "2020-02-30",
                    "2020-1-5",
                    "2020/01/05",
                    "0000-01-01",
                    "31.01.2020",
                    "2020-01-31 24:00:00",
                    "2020-01-31 10:20",
                    "2020-01-31T10:20:30Z",
                    "2020-01-31 10:20:60",
                    "2020-01-31 10:20:30.1234567",
                    "2020-01-31 10:20:30+01",
                    "t",
                    "yes",
                    "1",
                    "tRue",
                    "a\"b",
                    " \"a\"",
                    "\"a\" ",
                    "\"a\"b",
                    "\"line\nbreak\"",
                    "\"12\"",
                    "\"1.5\"",
                    "\"NA\"",
                    "\"2020-01-31\"",
                    "e\u0301",
                    "\uFFFD",
                    "12.345",
                    "#x",
                    "'a'",
                    "\t",
                    "a\\\"b",
                    "1,5",
                    "123456789.25",
                    "c0",
                    "1e-320",
                    "1d",
                    "0-1",
                    "1.2.3",
                    "--5",
                    "5-",
                    "2020-01-31 ",
                    "2020-01-31 10:20:30 ",
                    "2020-00-10");

    private static final byte[] SPOILERS =
            "\"\",,\n\r\0 0.-e;'\u00e9\t".getBytes(StandardCharsets.UTF_8);

    private StrangeCsv() {}

    /** A table of up to 39 rows; most are well, some have odd values, some are broken. */
    public static byte[] of(Random random) {
        int width = 1 + random.nextInt(5);
        int rows = random.nextInt(40);
        String delimiter = random.nextInt(5) == 0 ? ";" : ",";
        String end = random.nextInt(5) == 0 ? "\r\n" : "\n";
        int oddOf = random.nextInt(3) == 0 ? 25 : random.nextInt(2) == 0 ? 200 : 1_000_000;
        StringBuilder text = new StringBuilder(random.nextInt(15) == 0 ? "\uFEFF" : "");
        List<List<String>> kinds = new ArrayList<>();
        for (int c = 0; c < width; c++) {
            kinds.add(KINDS.get(random.nextInt(KINDS.size())));
            text.append(c == 0 ? "" : delimiter).append("c").append(c);
        }
        text.append(end);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < width; c++) {
                text.append(c == 0 ? "" : delimiter);
                List<String> values = random.nextInt(oddOf) == 0 ? ODD : kinds.get(c);
                text.append(
                        random.nextInt(12) == 0 && width > 1
                                ? ""
                                : values.get(random.nextInt(values.size())));
            }
            text.append(r == rows - 1 && random.nextInt(3) == 0 ? "" : end);
        }
        return spoiled(text.toString().getBytes(StandardCharsets.UTF_8), random);
    }

    private static byte[] spoiled(byte[] bytes, Random random) {
        int times = random.nextInt(4) == 0 ? 1 + random.nextInt(2) : 0;
        byte[] spoiled = bytes;
        for (int t = 0; t < times; t++) {
            int at = random.nextInt(spoiled.length);
            byte spoiler = SPOILERS[random.nextInt(SPOILERS.length)];
            if (random.nextBoolean()) {
                spoiled[at] = spoiler;
            } else {
                byte[] longer = Arrays.copyOf(spoiled, spoiled.length + 1);
                System.arraycopy(spoiled, at, longer, at + 1, spoiled.length - at);
                longer[at] = spoiler;
                spoiled = longer;
            }
        }
        return spoiled;
    }
}
