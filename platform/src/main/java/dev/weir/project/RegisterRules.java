package dev.weir.project;

import dev.weir.base.config.ConfigNode;
import dev.weir.ml.gate.Observed;
import dev.weir.ml.gate.Ruling;
import dev.weir.ml.gate.Severity;
import dev.weir.ml.gate.Verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * From where a project's versions may be registered: {@code register} of {@code weir.yaml}. What it
 * refuses is a gate like any other: the run goes on to be judged, and registers nothing.
 *
 * @param branches patterns of branches; empty: all
 * @param dirty what a working tree means that differs from its commit
 */
record RegisterRules(List<String> branches, Dirty dirty) {
    static final RegisterRules ANYTHING = new RegisterRules(List.of(), Dirty.ALLOW);

    /** What to do about a working tree with changes that are in no commit. */
    enum Dirty {
        REFUSE,
        WARN,
        ALLOW
    }

    static RegisterRules of(Optional<ConfigNode> register) {
        return new RegisterRules(
                register.flatMap(n -> n.at("branches")).map(ConfigNode::texts).orElse(List.of()),
                register.flatMap(n -> n.at("dirty"))
                        .map(n -> Dirty.valueOf(n.text().toUpperCase(Locale.ROOT)))
                        .orElse(Dirty.ALLOW));
    }

    /** What the rules say of a working tree; nothing of what they do not ask about. */
    List<Ruling> rulings(Git git, Git.State state) {
        List<Ruling> rulings = new ArrayList<>();
        if (!branches.isEmpty()) {
            rulings.add(branch(git.branches()));
        }
        if (dirty != Dirty.ALLOW) {
            rulings.add(tree(state.dirty()));
        }
        return rulings;
    }

    private Ruling branch(List<String> here) {
        boolean may = here.stream().anyMatch(this::allowed);
        String found = here.isEmpty() ? "no branch" : String.join(", ", here);
        String expected = String.join(", ", branches);
        return new Ruling(
                "register.branch",
                Severity.ERROR,
                may ? Verdict.PASS : Verdict.FAIL,
                new Observed.Words(found),
                expected,
                "The branch is %s (expected: %s).".formatted(found, expected),
                may ? null : "Nothing is registered from here; merge it, and run there.");
    }

    private boolean allowed(String branch) {
        return branches.stream()
                .anyMatch(
                        pattern ->
                                branch.matches(("\\Q" + pattern + "\\E").replace("*", "\\E.*\\Q")));
    }

    private Ruling tree(boolean changed) {
        String found = changed ? "changes that are in no commit" : "as committed";
        return new Ruling(
                "register.dirty",
                dirty == Dirty.REFUSE ? Severity.ERROR : Severity.WARN,
                changed ? (dirty == Dirty.REFUSE ? Verdict.FAIL : Verdict.WARN) : Verdict.PASS,
                new Observed.Words(found),
                "as committed",
                "The working tree has " + (changed ? found : "no changes") + ".",
                changed ? "Commit them: git commit -a" : null);
    }
}
