package dev.weir;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Holds the house to its plan ({@code docs/architecture.md}). Every rule is also tried on {@code
 * dev.weir.fixture}, a small house that breaks each of them: a rule that sees nothing there is
 * dead.
 */
class ArchitectureTest {
    private static final String HOUSE = "dev.weir";
    private static final String CONDEMNED = "dev.weir.fixture";

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(HOUSE);

    private static final JavaClasses CONDEMNED_CLASSES =
            new ClassFileImporter().importPackages(CONDEMNED);

    /** From the roof down; what stands on one line are neighbours that do not know each other. */
    private static final List<List<String>> FLOORS =
            List.of(
                    List.of("app"),
                    List.of("cli", "server"),
                    List.of("project"),
                    List.of("stage"),
                    List.of("ml"),
                    List.of("pipeline"),
                    List.of("store"),
                    List.of("base"));

    /** Rooms of one floor in which a room may import those to its left. */
    private static final List<List<String>> ROWS =
            List.of(
                    List.of(
                            "ml.gate",
                            "ml.stats",
                            "ml.data",
                            "ml.feature",
                            "ml.model",
                            "ml.tracking",
                            "ml.registry",
                            "ml.traffic"),
                    List.of("store.blob", "store.meta", "store.ledger"),
                    List.of("base.digest", "base.problem", "base.config"));

    /**
     * Rooms that have grown rooms of their own, and the order of these: the room itself knows none
     * of them, and each may import those to its left.
     */
    private static final Map<String, List<String>> ALCOVES =
            Map.of(
                    "ml.data", List.of("source", "matrix", "profile", "expect", "check"),
                    "ml.tracking", List.of("search"));

    /** Rooms of one floor that do not know each other. */
    private static final List<List<String>> NEIGHBOURS =
            List.of(
                    List.of("cli", "server"),
                    List.of(
                            "stage.ingest",
                            "stage.train",
                            "stage.validate",
                            "stage.deploy",
                            "stage.monitor"),
                    List.of(
                            "server.rest",
                            "server.mlflow",
                            "server.inference",
                            "server.openai",
                            "server.console"));

    private static final Pattern BANNED_NAME = Pattern.compile(".*(Utils?|Helper|Manager|Impl)");

    @Test
    void importsGoDownwardOnly() {
        floors(HOUSE).check(CLASSES);
    }

    @Test
    void aRoomImportsThoseToItsLeftOnly() {
        rows(HOUSE).check(CLASSES);
    }

    @Test
    void stagesAndDoorsDoNotKnowEachOther() {
        neighbours(HOUSE).check(CLASSES);
    }

    @Test
    void whatGrewOutOfARoomStandsOnIt() {
        alcoves(HOUSE).check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        cycles(HOUSE).check(CLASSES);
    }

    @Test
    void sqlStandsInDaosOnly() {
        sql(HOUSE).check(CLASSES);
    }

    @Test
    void clocksAndChanceArePassedIn() {
        chance(HOUSE).check(CLASSES);
    }

    @Test
    void threadsAreStartedByTheEngineTheDoorsAndServingOnly() {
        threads(HOUSE).check(CLASSES);
    }

    @Test
    void everyPackageHasAFirstPageAndNoNulls() {
        firstPages(HOUSE).check(CLASSES);
    }

    @Test
    void noClassIsNamedForNothing() {
        names(HOUSE).check(CLASSES);
    }

    @Test
    void theImporterSeesTheHouse() {
        assertThat(CLASSES.size()).isGreaterThan(10);
        assertThat(CLASSES.contain("dev.weir.base.problem.Problem")).isTrue();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aBrokenRuleIsReported(ArchRule rule) {
        assertThat(rule.evaluate(CONDEMNED_CLASSES).hasViolation())
                .as(rule.getDescription())
                .isTrue();
    }

    static Stream<ArchRule> rules() {
        return Stream.of(
                floors(CONDEMNED),
                rows(CONDEMNED),
                alcoves(CONDEMNED),
                neighbours(CONDEMNED),
                cycles(CONDEMNED),
                sql(CONDEMNED),
                chance(CONDEMNED),
                threads(CONDEMNED),
                firstPages(CONDEMNED),
                names(CONDEMNED));
    }

    private static ArchRule floors(String house) {
        List<ArchRule> rules = new ArrayList<>();
        for (int i = 1; i < FLOORS.size(); i++) {
            List<String> above = FLOORS.subList(0, i).stream().flatMap(List::stream).toList();
            rules.add(
                    noImports(
                            house,
                            FLOORS.get(i),
                            above,
                            "imports go downward only; what is below tells what is above by a"
                                    + " listener that it declares itself"));
        }
        return CompositeArchRule.of(rules);
    }

    private static ArchRule rows(String house) {
        List<ArchRule> rules = new ArrayList<>();
        for (List<String> row : ROWS) {
            for (int i = 0; i < row.size() - 1; i++) {
                rules.add(
                        noImports(
                                house,
                                row.subList(i, i + 1),
                                row.subList(i + 1, row.size()),
                                "inside a floor, a room may import those to its left: " + row));
            }
        }
        return CompositeArchRule.of(rules);
    }

    private static ArchRule alcoves(String house) {
        List<ArchRule> rules = new ArrayList<>();
        ALCOVES.forEach(
                (room, names) -> {
                    List<String> alcoves = names.stream().map(name -> room + "." + name).toList();
                    String because =
                            "what grew out of a room stands on it, and knows those to its left: "
                                    + alcoves;
                    rules.add(
                            noImports(
                                    new String[] {house + "." + room},
                                    packages(house, alcoves),
                                    because));
                    for (int i = 0; i < alcoves.size() - 1; i++) {
                        rules.add(
                                noImports(
                                        house,
                                        alcoves.subList(i, i + 1),
                                        alcoves.subList(i + 1, alcoves.size()),
                                        because));
                    }
                });
        return CompositeArchRule.of(rules);
    }

    private static ArchRule neighbours(String house) {
        List<ArchRule> rules = new ArrayList<>();
        for (List<String> rooms : NEIGHBOURS) {
            for (String room : rooms) {
                List<String> others = rooms.stream().filter(r -> !r.equals(room)).toList();
                rules.add(
                        noImports(
                                house,
                                List.of(room),
                                others,
                                "stages and doors meet through ml and the ledger, never directly"));
            }
        }
        return CompositeArchRule.of(rules);
    }

    private static ArchRule noImports(
            String house, List<String> from, List<String> to, String because) {
        return noImports(packages(house, from), packages(house, to), because);
    }

    private static ArchRule noImports(String[] from, String[] to, String because) {
        return noClasses()
                .that()
                .resideInAnyPackage(from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(to)
                .because(because)
                .allowEmptyShould(true);
    }

    private static ArchRule cycles(String house) {
        return slices().matching(house + ".(**)")
                .should()
                .beFreeOfCycles()
                .because("of two packages that need each other, neither can be read alone");
    }

    private static ArchRule sql(String house) {
        return noClasses()
                .that(
                        describe(
                                "are neither in store.meta or ml.data nor a Dao",
                                c ->
                                        !resideInAnyPackage(
                                                                packages(
                                                                        house,
                                                                        List.of(
                                                                                "store.meta",
                                                                                "ml.data")))
                                                        .test(c)
                                                && !outermost(c).getSimpleName().endsWith("Dao")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..", "javax.sql..", "org.jdbi..", "org.duckdb..", "org.flywaydb..")
                .because(
                        "SQL of the home stands in store.meta and in classes named *Dao, which run"
                                + " on SQLite and PostgreSQL alike; DuckDB is ml.data's own");
    }

    private static ArchRule chance(String house) {
        Set<String> clocks =
                Set.of(
                        "java.lang.System.currentTimeMillis",
                        "java.time.Instant.now",
                        "java.time.LocalDate.now",
                        "java.time.LocalDateTime.now",
                        "java.time.OffsetDateTime.now",
                        "java.time.ZonedDateTime.now",
                        "java.time.Clock.systemUTC",
                        "java.time.Clock.systemDefaultZone",
                        "java.lang.Math.random");
        DescribedPredicate<AccessTarget.CodeUnitCallTarget> unseeded =
                describe(
                        "read the clock of the machine or draw without a seed",
                        target ->
                                !takesAClock(target)
                                                && clocks.contains(
                                                        target.getOwner().getFullName()
                                                                + "."
                                                                + target.getName())
                                        || isUnseededRandom(target));
        ArchRule given =
                outside(house, "app", "cli")
                        .should(callCodeUnitWhere(unseeded))
                        .because("what depends on time or chance is given a Clock or a seed");
        ArchRule jitter =
                outside(house, "store.meta")
                        .should()
                        .dependOnClassesThat()
                        .areAssignableTo(ThreadLocalRandom.class)
                        .because("only waiting for a lock of the database may be left to chance");
        return CompositeArchRule.of(given).and(jitter);
    }

    private static boolean takesAClock(AccessTarget.CodeUnitCallTarget target) {
        return target.getRawParameterTypes().stream().anyMatch(t -> t.isEquivalentTo(Clock.class));
    }

    private static boolean isUnseededRandom(AccessTarget.CodeUnitCallTarget target) {
        return target.getOwner().isEquivalentTo(Random.class)
                && target.getName().equals("<init>")
                && target.getRawParameterTypes().isEmpty();
    }

    private static ArchRule threads(String house) {
        DescribedPredicate<AccessTarget.CodeUnitCallTarget> raw =
                describe(
                        "make a thread",
                        target ->
                                target.getOwner().isEquivalentTo(Thread.class)
                                        && Set.of("<init>", "ofPlatform", "startVirtualThread")
                                                .contains(target.getName()));
        return outside(house, "app", "cli", "server", "pipeline", "stage.deploy")
                .should(callCodeUnitWhere(raw))
                .because("a thread that nobody waits for outlives its work and hides its failure")
                .allowEmptyShould(true);
    }

    private static ArchCondition<JavaClass> callCodeUnitWhere(
            DescribedPredicate<AccessTarget.CodeUnitCallTarget> target) {
        return new ArchCondition<>(target.getDescription()) {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                item.getCodeUnitCallsFromSelf().stream()
                        .filter(call -> target.test(call.getTarget()))
                        .forEach(
                                call ->
                                        events.add(
                                                SimpleConditionEvent.satisfied(
                                                        call, call.getDescription())));
            }
        };
    }

    private static ArchRule firstPages(String house) {
        return classes()
                .that()
                .resideInAPackage(house + "..")
                .should(
                        new ArchCondition<>("be in a package with a @NullMarked package-info") {
                            @Override
                            public void check(JavaClass item, ConditionEvents events) {
                                boolean marked =
                                        item.getPackage()
                                                .tryGetPackageInfo()
                                                .filter(
                                                        info ->
                                                                info.isAnnotatedWith(
                                                                        NullMarked.class))
                                                .isPresent();
                                events.add(
                                        new SimpleConditionEvent(
                                                item,
                                                marked,
                                                item.getPackageName()
                                                        + " has no package-info.java with"
                                                        + " @NullMarked"));
                            }
                        })
                .because("package-info is the first page of a room, and no null crosses an API");
    }

    private static ArchRule names(String house) {
        return noClasses()
                .that()
                .resideInAPackage(house + "..")
                .should()
                .haveNameMatching(BANNED_NAME.pattern())
                .because("a class is named for what it is, not for being of use");
    }

    private static GivenClassesConjunction outside(String house, String... rooms) {
        return noClasses()
                .that()
                .resideInAPackage(house + "..")
                .and()
                .resideOutsideOfPackages(packages(house, List.of(rooms)));
    }

    private static String[] packages(String house, List<String> rooms) {
        return rooms.stream().map(room -> house + "." + room + "..").toArray(String[]::new);
    }

    private static JavaClass outermost(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer;
    }
}
