package dev.leat.examples.cli;

import com.google.gson.stream.JsonWriter;
import dev.leat.Stage;
import dev.leat.vision.Image;
import dev.leat.vision.ImageClassification;
import dev.leat.vision.ImageGuard;
import dev.leat.vision.ImageLabel;
import dev.leat.vision.ImageModeration;
import dev.leat.vision.OcrLine;
import dev.leat.vision.OcrText;
import dev.leat.vision.Point;
import dev.leat.vision.VisionModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code leat image}. */
@Command(name = "image", description = "Analyses pictures.")
final class ImageCommand implements Callable<Integer> {

    private static final List<String> STAGES = List.of("classification", "moderation", "ocr");

    /** One function for all stages, so that they share what they do with the picture it returns. */
    private static final Function<Item<Image>, Image> PICTURE = Item::value;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli before anything is called
    private Leat leat;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--stages",
            required = true,
            split = ",",
            paramLabel = "STAGE",
            description = "classification, moderation, ocr.")
    private List<String> stages = new ArrayList<>();

    @Option(
            names = "--tier",
            description = "Classification: fast (default) or accurate. The other stages have one model.")
    private Tier tier = Tier.FAST;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = "Files, and directories whose pictures are found by their extension, sorted.")
    private List<Path> paths = new ArrayList<>();

    @Override
    public Integer call() {
        Set<String> chosen = Chosen.stages(spec.commandLine(), stages, STAGES);
        if (tier != Tier.FAST && !chosen.contains("classification")) {
            throw new ParameterException(spec.commandLine(), "--tier concerns classification, which was not asked for");
        }
        List<Item<Image>> items = Pictures.find(paths);
        try (VisionModels models = VisionModels.load();
                Progress progress = leat.progress() ? Progress.bar("image", items.size()) : Progress.NONE) {
            List<Answer<Image, ?>> answers = new ArrayList<>();
            for (String name : chosen) {
                answers.add(answer(name, models));
            }
            return Job.run("leat-image", ImageGuard.standard(), answers, items.iterator(), leat.out(), progress);
        }
    }

    private Answer<Image, ?> answer(String name, VisionModels models) {
        return switch (name) {
            case "classification" ->
                answer(
                        name,
                        models.classification(c -> c.tier(dev.leat.vision.Tier.valueOf(tier.name()))),
                        ImageCommand::classification);
            case "moderation" -> answer(name, models.moderation(), ImageCommand::moderation);
            case "ocr" -> answer(name, models.ocr(), ImageCommand::ocr);
            default -> throw new AssertionError(name);
        };
    }

    private static <O> Answer<Image, O> answer(String name, Stage<Image, O> stage, Answer.Format<? super O> format) {
        return Answer.of(name, stage.on(PICTURE).named(name), format);
    }

    private static void classification(JsonWriter json, ImageClassification value) throws IOException {
        json.name("labels").beginArray();
        for (ImageLabel label : value.labels()) {
            json.beginObject().name("index").value(label.index());
            json.name("label").value(label.label());
            json.name("score").value(label.score()).endObject();
        }
        json.endArray();
    }

    private static void moderation(JsonWriter json, ImageModeration value) throws IOException {
        json.name("flagged").value(value.flagged());
        json.name("isAppropriate").value(value.isAppropriate());
        if (value.score().isPresent()) {
            json.name("score").value(value.score().getAsDouble());
        }
    }

    private static void ocr(JsonWriter json, OcrText value) throws IOException {
        json.name("text").value(value.text()).name("lines").beginArray();
        for (OcrLine line : value.lines()) {
            json.beginObject().name("text").value(line.text());
            json.name("score").value(line.score()).name("box").beginArray();
            for (Point corner : line.box().corners()) {
                json.beginArray().value(corner.x()).value(corner.y()).endArray();
            }
            json.endArray().endObject();
        }
        json.endArray();
    }
}
