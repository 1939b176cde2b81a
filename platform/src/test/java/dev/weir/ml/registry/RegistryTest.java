package dev.weir.ml.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.base.problem.Kind;
import dev.weir.base.problem.ProblemException;
import dev.weir.store.ledger.Event;
import dev.weir.store.meta.Dialect;
import dev.weir.store.meta.TestDatabases;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.Map;

@ParameterizedClass
@EnumSource(Dialect.class)
class RegistryTest {
    private final Home home;

    RegistryTest(Dialect dialect) {
        home = new Home(TestDatabases.fresh(dialect));
    }

    @AfterEach
    void close() {
        home.close();
    }

    @Test
    void aVersionComesBackAsItWasRegistered() {
        ModelVersion version = home.register("income", 1);
        assertThat(home.version("income:1")).isEqualTo(version);
        NewVersion candidate = Home.candidate("income", 1);
        assertThat(version.version()).isEqualTo(1);
        assertThat(version.stage()).isEqualTo(Stage.DEVELOPMENT);
        assertThat(version.recipe()).isEqualTo(candidate.recipe());
        assertThat(version.digest()).isEqualTo(candidate.digest());
        assertThat(version.metrics()).isEqualTo(candidate.metrics());
        assertThat(version.signature()).isEqualTo(candidate.signature());
        assertThat(version.json().toString())
                .startsWith(
                        "{\"name\":\"income\",\"version\":1,\"stage\":\"development\",\"digest\":\""
                                + candidate.digest()
                                + "\",\"recipe\":{\"complete\":true,\"missing\":[],"
                                + "\"code\":{\"v\":\"code1\"},\"data\":{\"v\":\"data1\"}")
                .contains(
                        "\"metrics\":{\"r2\":\"NaN\",\"roc_auc\":0.9},"
                                + "\"signature\":{\"inputs\":[\"age\"],\"outputs\":[\"p\"]}");
    }

    @Test
    void anUnchangedRecipeRegistersNoNewVersion() {
        home.register("income", 1);
        NewVersion same = Home.candidate("income", 1);
        NewVersion later =
                new NewVersion(
                        "income",
                        same.digest(),
                        same.recipe().with(Link.RUN, Home.link("id", "another run")),
                        "another",
                        "",
                        "",
                        Map.of(),
                        same.signature());
        Registration again = home.write(tx -> home.registry.register(tx, Home.ANNA, later));
        assertThat(again.created()).isFalse();
        assertThat(again.version()).isEqualTo(home.version("income:1"));
        assertThat(home.register("income", 2).version()).isEqualTo(2);
        assertThat(home.register("other", 1).version()).isEqualTo(1);
        assertThat(home.events())
                .extracting(Event::kind, Event::subject)
                .containsExactly(
                        tuple("model.created", "model:income"),
                        tuple("version.registered", "version:income:1"),
                        tuple("version.registered", "version:income:2"),
                        tuple("model.created", "model:other"),
                        tuple("version.registered", "version:other:1"));
    }

    @Test
    void namesTheNearestWhereAReferenceIsUnknown() {
        refused(
                () -> home.version("income"),
                Kind.INPUT,
                "model: income",
                "No model is registered");
        home.register("income", 1);
        home.register("income", 2);
        refused(() -> home.version("incme:1"), Kind.INPUT, "model: incme", "Did you mean income?");
        refused(
                () -> home.version("income:9"),
                Kind.INPUT,
                "model version: income:9 (expected: 1 to 2)",
                null);
        refused(
                () -> home.version("income@production"),
                Kind.INPUT,
                "no version of income is in production",
                "weir promote income:NUMBER production");
        home.judged("income:1", Home.PASSED);
        refused(
                () -> home.version("income@stagin"),
                Kind.INPUT,
                "income@stagin (expected: an alias of income)",
                "Did you mean staging?");
        refused(() -> home.version("income/1"), Kind.INPUT, "NAME, NAME:NUMBER", null);
        refused(
                () -> home.version("income:99999999999999999999"),
                Kind.INPUT,
                "NAME, NAME:NUMBER",
                null);
        assertThat(home.version("income").version()).isEqualTo(2);
        assertThat(home.version("income@staging").version()).isEqualTo(1);
    }

    @Test
    void refusesNamesThatAReferenceCouldNotSay() {
        for (String name : List.of("", "a/b", "a:b", "a@b", "a\nb", "x".repeat(257))) {
            refused(() -> home.register(name, 1), Kind.INPUT, "(expected: 1 to 256", null);
        }
    }

    @Test
    void aliasesOfPeoplePointWhereTheyLike() {
        home.register("income", 1);
        home.register("income", 2);
        setAlias("champion", "income:1");
        setAlias("champion", "income:2");
        assertThat(home.aliases("income")).isEqualTo(Map.of("champion", 2L));
        assertThat(home.version("income@champion").version()).isEqualTo(2);
        home.write(
                tx -> {
                    home.registry.deleteAlias(tx, Home.ANNA, "income", "champion");
                    return true;
                });
        assertThat(home.aliases("income")).isEmpty();
        refused(() -> setAlias("production", "income:1"), Kind.REFUSED, "reserved", "weir promote");
        for (String alias : List.of("v3", "latest", "LATEST", "a b", "", "x".repeat(256))) {
            refused(() -> setAlias(alias, "income:1"), Kind.INPUT, "(expected: at most 255", null);
        }
    }

    @Test
    void onlyADescriptionCanBeChanged() {
        ModelVersion before = home.register("income", 1);
        home.write(
                tx -> {
                    home.registry.describe(tx, Home.ANNA, before.ref(), "the first");
                    return true;
                });
        assertThat(home.version("income:1").description()).isEqualTo("the first");
        assertThat(home.version("income:1").recipeDigest()).isEqualTo(before.recipeDigest());
        assertThat(home.events().getLast().payload().toString()).doesNotContain("the first");
    }

    private void setAlias(String alias, String ref) {
        home.write(
                tx -> {
                    home.registry.setAlias(tx, Home.ANNA, alias, VersionRef.parse(ref));
                    return true;
                });
    }

    static void refused(ThrowingCallable work, Kind kind, String message, @Nullable String hint) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> {
                            assertThat(e.kind()).isEqualTo(kind);
                            assertThat(e.problems().getFirst().message()).contains(message);
                            if (hint != null) {
                                assertThat(e.problems().getFirst().hint()).contains(hint);
                            }
                        });
    }
}
