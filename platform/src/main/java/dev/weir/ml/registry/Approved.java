package dev.weir.ml.registry;

import dev.weir.base.digest.CanonicalJson;
import dev.weir.base.digest.Digest;
import dev.weir.ml.gate.Judgement;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an approval approves: as soon as one of these digests is another, it counts no more.
 *
 * @param recipe of what defines the version ({@link Recipe#definition})
 * @param model of the model's folder; where it is kept elsewhere, of the address
 * @param verdicts of the last judgement: its rulings and the evidence under them
 */
public record Approved(Digest recipe, Digest model, Digest verdicts) {
    /** What is there to approve of a version now. */
    static Approved of(ModelVersion version, Optional<Judgement> judgement) {
        ObjectNode verdicts = JsonNodeFactory.instance.objectNode();
        judgement.ifPresent(
                judged -> {
                    verdicts.put("evidence", judged.evidence().hex());
                    verdicts.set("rulings", judged.report().json());
                });
        Digest model = version.digest();
        return new Approved(
                version.recipe().definition(model),
                model == null ? Digest.ofText("source:" + version.source()) : model,
                CanonicalJson.digest(verdicts));
    }

    /** {@code {"recipe","model","verdicts"}}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("recipe", recipe.hex());
        json.put("model", model.hex());
        json.put("verdicts", verdicts.hex());
        return json;
    }

    /** One digest for all three. */
    public Digest digest() {
        return CanonicalJson.digest(json());
    }

    /** What is another now, in words: {@code its verdicts}. */
    List<String> changed(Approved now) {
        List<String> changed = new ArrayList<>();
        if (!recipe.equals(now.recipe)) {
            changed.add("its recipe");
        }
        if (!model.equals(now.model)) {
            changed.add("the model itself");
        }
        if (!verdicts.equals(now.verdicts)) {
            changed.add("its verdicts");
        }
        return changed;
    }
}
