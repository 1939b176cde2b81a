package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a project asks of a promotion, and who says yes, as persons at their terminals see it. */
class CliPromotionTest {
    private static final String CONFIG = "configs/training/shop.yaml";

    @TempDir static Path shared;
    private static Terminal begun;

    @TempDir Path temp;
    private Terminal anna;
    private Terminal bob;

    @BeforeAll
    static void beginAndRun() throws IOException {
        Files.writeString(shared.resolve("shop.csv"), Terminal.shop(500));
        Terminal above = new Terminal(shared).as("person:anna");
        above.weir("init", "shop", "--data", "shop.csv", "--target", "bought").exits(0);
        begun = above.in("shop");
        begun.weir("run").exits(0);
    }

    @BeforeEach
    void copy() throws IOException {
        anna = begun.copied(temp.resolve("shop")).as("person:anna");
        bob = anna.as("person:bob");
    }

    private void policy(String yaml) {
        anna.edit("weir.yaml", "project: shop\n", "project: shop\n" + yaml);
    }

    private static JsonNode first(Terminal at, String... command) {
        return at.weir(command).exits(0).json().path("promotions").path(0);
    }

    @Test
    void aPromotionWaitsForAnotherPersonAndSaysForWhom() {
        policy("promotion: {production: {require: [approval], approvers: [bob, 'person:c*']}}\n");
        assertThat(anna.weir("promotions", "list").exits(0).out()).contains("No promotion waits");
        Terminal.Answer asked =
                anna.weir("promote", "shop:1", "production", "--reason", "better").exits(4);
        assertThat(asked.out())
                .contains(
                        "promotion of shop:1 to production: waiting",
                        "for one person of bob, person:c* other than person:anna, since weir.yaml"
                                + " asks for it",
                        "weir promotions approve ");
        JsonNode listed = first(anna, "promotions", "list", "--json");
        assertThat(listed.path("state").asString()).isEqualTo("waiting");
        assertThat(listed.path("waits_for").asString()).contains("one person of bob");
        String id = listed.path("promotion").asString();
        assertThat(anna.weir("promotions", "approve", id).exits(4).err())
                .contains("person:anna asked for promotion", "cannot approve it");
        assertThat(bob.as("service:ci").weir("promotions", "approve", id).exits(4).err())
                .contains("service:ci cannot approve", "expected: a person");
        assertThat(bob.as("person:dave").weir("promotions", "approve", id).exits(4).err())
                .contains("expected: bob, person:c*");
        assertThat(anna.weir("promotions", "show", "shop:1").exits(0).out())
                .contains("0 of 1", "better", "recipe   ", "weir diff shop@production shop:1");
        assertThat(bob.weir("promotions", "approve", "shop:1", "--note", "fine").exits(0).out())
                .contains("shop:1 is in production");
        JsonNode done = anna.weir("promotions", "show", id, "--json").exits(0).json();
        assertThat(done.path("state").asString()).isEqualTo("carried out");
        assertThat(done.at("/approvals/0/actor").asString()).isEqualTo("person:bob");
        assertThat(done.at("/approvals/0/note").asString()).isEqualTo("fine");
        assertThat(bob.weir("promotions", "approve", id).exits(4).err())
                .contains("is carried out and cannot be approved (expected: waiting)");
        assertThat(anna.weir("promotions", "list", "--all").exits(0).out()).contains("1 of 1");
        assertThat(anna.weir("promotions", "show", "shop:1").exits(2).err())
                .contains("promotion: shop:1 (expected: the id of a promotion)");
    }

    @Test
    void aNoIsKeptWithItsReasonAndAJudgementThatChangesMakesARequestVoid() {
        policy("promotion: {require: [gates, recipe], production: {require: [approval]}}\n");
        anna.weir("promote", "shop:1", "production").exits(4);
        assertThat(bob.weir("promotions", "reject", "shop:1").exits(2).err()).contains("--reason");
        assertThat(bob.weir("promotions", "reject", "shop:1", "--reason", "not now").exits(0).out())
                .contains("promotion of shop:1 to production: rejected", "not now");
        String second =
                anna.weir("promote", "shop:1", "production", "--json")
                        .exits(4)
                        .json()
                        .path("promotion")
                        .asString();
        anna.weir("run").exits(0);
        assertThat(first(anna, "promotions", "list", "--json").path("promotion").asString())
                .as("a run that changes nothing")
                .isEqualTo(second);
        anna.edit("pipelines/shop.yaml", "roc_auc: {min: 0.", "roc_auc: {min: 0.0");
        anna.weir("run").exits(0);
        assertThat(bob.weir("promotions", "approve", second).exits(4).err())
                .contains("is void (its verdicts are another now) and cannot be approved");
    }

    @Test
    void aPolicyIsReadStrictlyAndAHighRiskDemandsAnApproval() {
        policy("promotion: {production: {require: [aproval]}}\n");
        assertThat(anna.weir("promote", "shop:1", "production").exits(2).err())
                .contains(
                        "weir.yaml:3:",
                        "aproval (expected: one of gates, recipe, monitor, approval)");
        anna.edit("weir.yaml", "promotion: {production: {require: [aproval]}}\n", "");
        policy("promotion: {staging: {who: [service:ci]}, production: {require: [monitor]}}\n");
        assertThat(anna.weir("promote", "shop:1", "production").exits(4).err())
                .contains("expected: a section monitor in pipelines/shop.yaml");
        anna.edit("weir.yaml", "production: {require: [monitor]}", "production: {who: [bob]}");
        assertThat(anna.weir("promote", "shop:1", "production").exits(4).err())
                .contains("person:anna may not promote shop:1 (expected: bob)");
        anna.edit("pipelines/shop.yaml", "risk: minimal", "risk: high");
        assertThat(bob.weir("promote", "shop:1", "production").exits(4).out())
                .contains("since its risk is high");
        assertThat(anna.weir("promotions", "approve", "shop:1").exits(0).out())
                .contains("shop:1 is in production");
    }

    @Test
    void whereStagingAsksForMoreThanGatesTheRunAsksForIt() {
        policy("promotion: {staging: {require: [approval]}}\n");
        anna.edit(CONFIG, "eta: 0.1", "eta: 0.2");
        Terminal.Answer run = anna.weir("run").exits(0);
        assertThat(run.out())
                .contains(
                        "shop:2 registered, in development",
                        "promotion.staging: waiting (expected: staging)",
                        "Staging waits for one person other than person:anna.");
        bob.weir("promotions", "approve", "shop:2").exits(0);
        assertThat(
                        anna.weir("models", "show", "shop:2", "--json")
                                .exits(0)
                                .json()
                                .path("stage")
                                .asString())
                .isEqualTo("staging");
    }

    @Test
    void whatABranchMayNotRegisterIsJudgedAndItsEvidenceStays() throws Exception {
        policy("register: {branches: [main, release/*], dirty: warn}\n");
        git("checkout", "-q", "-b", "try/faster");
        anna.edit(CONFIG, "eta: 0.1", "eta: 0.2");
        JsonNode run = anna.weir("run", "--json").exits(1).json();
        assertThat(run.path("status").asString()).isEqualTo("rejected");
        assertThat(run.has("model")).isFalse();
        assertThat(run.path("gates").toString())
                .contains(
                        "The branch is try/faster (expected: main, release/*).",
                        "validate.roc_auc.min");
        JsonNode shown = anna.weir("runs", "show", "last", "--json").exits(0).json();
        assertThat(shown.path("gates").findValuesAsString("gate"))
                .contains("register.branch", "register.dirty", "validate.roc_auc.min");
        assertThat(anna.weir("models", "versions", "shop", "--json").json().path("versions").size())
                .isEqualTo(1);
        git("checkout", "-q", "-b", "release/1");
        assertThat(anna.weir("run").exits(0).out())
                .contains("shop:2 registered", "register.dirty: changes that are in no commit");
        anna.edit("weir.yaml", "dirty: warn", "dirty: refuse");
        anna.edit(CONFIG, "eta: 0.2", "eta: 0.3");
        assertThat(anna.weir("run").exits(1).out())
                .contains("register.dirty: changes that are in no commit (expected: as committed)");
    }

    @Test
    void saysWhatWasInProductionWhenAndDeletesOnlyWhatNothingNeeds() {
        for (String eta : new String[] {"0.2", "0.3"}) {
            anna.edit(CONFIG, eta.equals("0.2") ? "eta: 0.1" : "eta: 0.2", "eta: " + eta);
            anna.weir("run").exits(0);
        }
        anna.weir("promote", "shop:1", "production", "--reason", "the first").exits(0);
        bob.weir("promote", "shop:2", "production").exits(0);
        bob.weir("rollout", "finish", "shop").exits(0);
        bob.weir("rollback", "shop", "--reason", "too slow").exits(0);
        JsonNode history =
                anna.weir("models", "history", "shop", "--json").exits(0).json().path("production");
        assertThat(history.findValuesAsString("version")).containsExactly("1", "2", "1");
        assertThat(history.findValuesAsString("by"))
                .containsExactly("person:bob", "person:bob", "person:anna");
        assertThat(history.at("/0/kind").asString()).isEqualTo("rollback");
        assertThat(history.at("/0/until").isNull()).isTrue();
        assertThat(history.at("/1/ended_reason").asString()).isEqualTo("too slow");
        assertThat(history.at("/2/until")).isEqualTo(history.at("/1/from"));
        String second = history.at("/1/from").asString();
        assertThat(
                        anna.weir("models", "history", "shop", "--at", second, "--json")
                                .exits(0)
                                .json()
                                .path("production")
                                .findValuesAsString("version"))
                .containsExactly("2");
        assertThat(anna.weir("models", "history", "shop", "--at", "today").exits(0).out())
                .contains("rollback to shop:1: too slow", "the first", "now");
        assertThat(anna.weir("models", "history", "shop", "--at", "2w").exits(0).out())
                .contains("No version of shop was in production: 2w");
        anna.edit(
                "weir.yaml",
                "project: shop\n",
                "project: shop\npromotion: {require: [approval]}\n");
        anna.weir("promote", "shop:3", "production").exits(4);
        assertThat(anna.weir("models", "delete", "shop:3").exits(4).err())
                .contains("it is in staging; promotion ", " is waiting (expected: ");
        assertThat(anna.weir("models", "delete", "shop:2").exits(4).err())
                .contains("shop:2 cannot be deleted: it was in production");
        assertThat(anna.weir("models", "delete", "shop@production").exits(2).err())
                .contains("expected: a number, such as income:2");
        anna.weir("promote", "shop:3", "archived").exits(0);
        assertThat(anna.weir("promotions", "list").exits(0).out()).contains("No promotion waits");
        assertThat(anna.weir("models", "delete", "shop:3").exits(0).out()).contains("is deleted");
        anna.weir("models", "show", "shop:3").exits(2);
        anna.edit(CONFIG, "eta: 0.3", "eta: 0.4");
        assertThat(anna.weir("run").exits(0).out()).contains("shop:4 registered");
    }

    @Test
    void describesAndTagsModelsAndVersionsAndShowsWhatTravelsWithThem() {
        anna.weir("models", "describe", "shop", "Who buys").exits(0);
        anna.weir("models", "describe", "shop:1", "The first").exits(0);
        anna.weir("models", "tag", "shop:1", "ticket=ML-42=a", "b=").exits(0);
        assertThat(anna.weir("models", "tag", "shop:1", "--remove", "b").exits(0).out())
                .contains("ticket", "ML-42=a");
        assertThat(anna.weir("models", "tag", "shop", "team=core", "--json").exits(0).json())
                .hasToString("{\"of\":\"shop\",\"tags\":{\"team\":\"core\"}}");
        assertThat(anna.weir("models", "tag", "shop:1", "team").exits(2).err())
                .contains("tag: team (expected: KEY=VALUE)");
        JsonNode shown = anna.weir("models", "show", "shop:1", "--json").exits(0).json();
        assertThat(shown.path("description").asString()).isEqualTo("The first");
        assertThat(shown.path("tags")).hasToString("{\"ticket\":\"ML-42=a\"}");
        JsonNode serving = shown.path("serving");
        assertThat(serving.path("threshold").doubleValue()).isEqualTo(0.5);
        assertThat(serving.path("example").propertyNames())
                .containsExactlyElementsOf(
                        shown.path("signature").path("inputs").findValuesAsString("name"));
        assertThat(serving.at("/latency/p95/unit").asString()).isEqualTo("ms");
        assertThat(serving.has("measured")).isTrue();
        assertThat(anna.weir("models", "list", "--json").exits(0).out()).contains("Who buys");
    }

    @Test
    void namesTheParametersThatGaveTheBestScore() {
        anna.edit(CONFIG, "eta: 0.1", "eta: 0.9");
        anna.weir("run");
        JsonNode best =
                anna.weir("runs", "best", "shop", "--metric", "log_loss", "--json")
                        .exits(0)
                        .json()
                        .path("runs");
        assertThat(best.size()).isEqualTo(2);
        assertThat(best.at("/0/score").doubleValue()).isLessThan(best.at("/1/score").doubleValue());
        assertThat(best.at("/0/params/eta").asString()).isIn("0.1", "0.9");
        assertThat(best.at("/0/versions/0").asString()).startsWith("shop:");
        assertThat(anna.weir("runs", "best", "shop", "-m", "roc_auc").exits(0).out())
                .contains("eta=0.9", "eta=0.1", "shop:2")
                .doesNotContain("max_depth");
        assertThat(anna.weir("runs", "best", "shop", "-m", "rocauc", "--max").exits(2).err())
                .contains("no run of shop has a figure of rocauc", "roc_auc");
        assertThat(anna.weir("runs", "best", "shp", "-m", "roc_auc").exits(2).err())
                .contains("Did you mean shop?");
        assertThat(anna.weir("runs", "best", "shop", "-m", "lift").exits(2).err())
                .contains("--max or --min");
    }

    private void git(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command).directory(anna.folder().toFile()).start();
        assertThat(git.waitFor()).isZero();
    }
}
