package dev.weir.ml.data.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.RealTables;
import dev.weir.ml.data.profile.TargetAdvice.Remark;
import dev.weir.ml.data.profile.TargetAdvice.Sort;
import dev.weir.ml.data.source.Sniffer;
import dev.weir.ml.data.source.Tables;
import dev.weir.ml.stats.Task;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

class TargetAdvisorTest {
    @TempDir Path folder;
    private DuckDb duckDb;

    @BeforeEach
    void engine() {
        duckDb = new DuckDb(folder.resolve("scratch"), 2);
    }

    private TargetAdvice real(String name, String target) {
        Path file = RealTables.file(name);
        var source = new JsonMapper().createObjectNode().put("file", name);
        Sniffer.Sniffed sniffed = new Sniffer(duckDb).sniff(List.of(file), source);
        Path out = folder.resolve("table.parquet");
        new Tables(duckDb).ingest(List.of(file), sniffed.format(), sniffed.schema(), out);
        return advise(out, target);
    }

    private TargetAdvice advise(Path table, String target) {
        return new TargetAdvisor(duckDb).advise(table, new Profiler(duckDb).profile(table), target);
    }

    private TargetAdvice made(String columns, String target) throws SQLException {
        Path table = folder.resolve("table.parquet");
        try (DuckDb.Session session = duckDb.open()) {
            session.run(ParquetFiles.copy("select " + columns + " from range(500) t(i)", table));
        }
        return advise(table, target);
    }

    @Test
    void aPersonMaySayWhatKindOfPredictionItIsWhereTheValuesAllowIt() throws SQLException {
        String columns =
                "i as x, i % 7 as grade, i % 2 as flag, i % 2 = 0 as yes, 'c' || i % 4 as c";
        assertThat(made(columns, "grade").task()).isEqualTo(Task.REGRESSION);
        assertThat(asked("grade", Task.MULTICLASS).classes()).hasSize(7);
        assertThat(asked("flag", Task.REGRESSION).task()).isEqualTo(Task.REGRESSION);
        refused("grade", Task.BINARY, "target grade has 7 different values (expected: two values)");
        refused("flag", Task.MULTICLASS, "(expected: 3 to 100 values)");
        refused("c", Task.REGRESSION, "which are no numbers (expected: numbers)");
        refused("x", Task.MULTICLASS, "target x has 500 different values");
    }

    private TargetAdvice asked(String target, Task task) {
        Path table = folder.resolve("table.parquet");
        return new TargetAdvisor(duckDb)
                .advise(table, new Profiler(duckDb).profile(table), target, Optional.of(task));
    }

    private void refused(String target, Task task, String why) {
        assertThatThrownBy(() -> asked(target, task))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(why);
    }

    @Test
    void adultIsBinaryAndItsEducationIsThereTwice() {
        TargetAdvice advice = real("adult/adult.csv", "income");
        assertThat(advice.task()).isEqualTo(Task.BINARY);
        assertThat(advice.positive()).isEqualTo(">50K");
        assertThat(advice.classes()).containsExactly("<=50K", ">50K");
        assertThat(advice.remarks())
                .containsExactly(
                        new Remark(
                                "education_num",
                                Sort.DUPLICATE,
                                "education_num and education say the same: each value of one has"
                                        + " its own value of the other"));
        assertThat(advice.exclude()).isEmpty();
    }

    @Test
    void casualAndRegisteredTellTheCountOfBikes() {
        TargetAdvice advice = real("bike-sharing/hour-2011.csv", "cnt");
        assertThat(advice.task()).isEqualTo(Task.REGRESSION);
        assertThat(advice.time()).contains("ts");
        assertThat(advice.remarks())
                .contains(
                        new Remark(
                                "casual",
                                Sort.LEAK,
                                "casual tells cnt: casual + registered = cnt in every row"),
                        new Remark(
                                "registered",
                                Sort.LEAK,
                                "registered tells cnt: casual + registered = cnt in every row"),
                        new Remark("yr", Sort.CONSTANT, "yr is 0 in every row"));
        assertThat(advice.exclude()).containsExactly("instant", "yr", "casual", "registered");
    }

    @Test
    void theBadCaseOfGermanCreditIsTheRarerOne() {
        TargetAdvice advice = real("german-credit/german.csv", "credit");
        assertThat(advice.task()).isEqualTo(Task.BINARY);
        assertThat(advice.positive()).isEqualTo("2");
        assertThat(advice.exclude()).isEmpty();
    }

    @Test
    void wineIsARegressionAndElecBinary() {
        assertThat(real("wine-quality/winequality-red.csv", "column_12").task())
                .isEqualTo(Task.REGRESSION);
        TargetAdvice elec = real("elec2/elec.csv", "class");
        assertThat(elec.positive()).isEqualTo("1");
        assertThat(elec.exclude()).isEmpty();
    }

    @Test
    void banking77HasManyClassesAndText() {
        TargetAdvice advice = real("banking77/train.csv", "category");
        assertThat(advice.task()).isEqualTo(Task.MULTICLASS);
        assertThat(advice.classes()).hasSize(77);
        assertThat(advice.remarks()).extracting(Remark::sort).containsExactly(Sort.TEXT);
    }

    @Test
    void namesWhatIsUselessOrTellsTheTarget() throws SQLException {
        TargetAdvice advice =
                made(
                        "i % 2 = 0 as y, case when i % 2 = 0 then 'even' else 'odd' end as parity,"
                            + " null::varchar as nothing, 'x' as same, 'id-' || i as id, i % 7 as"
                            + " week, sin(i)::double as wave, date '2020-01-01' + (i // 3)::integer"
                            + " as day",
                        "y");
        assertThat(advice.positive()).isEqualTo("true");
        assertThat(advice.remarks())
                .extracting(Remark::column, Remark::sort)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("parity", Sort.LEAK),
                        org.assertj.core.groups.Tuple.tuple("nothing", Sort.EMPTY),
                        org.assertj.core.groups.Tuple.tuple("same", Sort.CONSTANT),
                        org.assertj.core.groups.Tuple.tuple("id", Sort.IDENTIFIER),
                        org.assertj.core.groups.Tuple.tuple("day", Sort.TIME));
    }

    @Test
    void aCorrelatedColumnIsALeak() throws SQLException {
        TargetAdvice advice =
                made("(i * 37 % 101)::double as y, (i * 37 % 101) * 2.0::double + 1 as twice", "y");
        assertThat(advice.remarks())
                .containsExactly(
                        new Remark("twice", Sort.LEAK, "twice tells y: correlation 1.0000"));
    }

    @Test
    void aTargetThatCannotBePredictedIsRefused() {
        assertThatThrownBy(() -> made("1 as y, i as x", "z"))
                .isInstanceOf(ProblemException.class)
                .hasMessage("z: no such column (found: y, x)");
        assertThatThrownBy(() -> made("1 as y, i as x", "y"))
                .hasMessage("target y: one value only, 1 (expected: two or more)");
        assertThatThrownBy(() -> made("null::bigint as y, i as x", "y"))
                .hasMessage("target y: no value in any row (expected: values)");
        assertThatThrownBy(() -> made("'t' || i as y, i as x", "y"))
                .hasMessage(
                        "target y: 500 different values (expected: at most 100 classes, or"
                                + " numbers)");
    }
}
