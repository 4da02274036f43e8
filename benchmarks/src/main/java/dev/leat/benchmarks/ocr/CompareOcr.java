package dev.leat.benchmarks.ocr;

import static dev.leat.benchmarks.worker.Reader.name;
import static java.util.Objects.requireNonNull;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.leat.LeatRuntime;
import dev.leat.Outcome;
import dev.leat.Pipeline;
import dev.leat.Stage;
import dev.leat.benchmarks.Spread;
import dev.leat.benchmarks.worker.Worker;
import dev.leat.schedule.ComputeBudget;
import dev.leat.vision.Box;
import dev.leat.vision.Image;
import dev.leat.vision.OcrLine;
import dev.leat.vision.OcrText;
import dev.leat.vision.Point;
import dev.leat.vision.VisionModels;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Reads a folder of pictures with Leat, and prints word F1, character error rate and time, by itself and for what peers
 * made of the same pictures.
 *
 * <pre>
 * CompareOcr PICTURES TRUTH [--only NAMES.txt | --count N --seed N] [--side N] [--overlays DIR]
 *     [--peer NAME=FILE.jsonl]... [--live NAME=COMMAND]... [--threads N] [--out FOLDER] [--leat false]
 * </pre>
 *
 * <p>TRUTH holds {@code NAME.csv} of SROIE's form or {@code NAME.txt} with a line each for every picture {@code NAME.*}.
 * A peer's file has an object for each picture on a line of its own: {@code file}, {@code seconds}, {@code cpu},
 * {@code lines} of {@code text} and {@code box}; {@code peers/read_ocr.py} writes such files, and this program with
 * {@code --out}, picture by picture: {@code leat.jsonl} and one for each live peer. It goes on where such files end, so
 * that a run which is cut loses nothing. {@code --leat false} compares such files alone. Only pictures that all systems
 * have read are counted.
 *
 * <p>A live peer is a program that this one starts: it gets a path a line and answers each with such an object. Leat and
 * live peers read every picture in turns, and each picture begins with the next of them, so that their times are of one
 * run on one machine in one state. The ratio of two is taken for each picture; median, least and greatest are printed.
 */
public final class CompareOcr {

    private CompareOcr() {}

    private record Seen(Page page, double seconds, double cpu) {}

    private static final class Given {
        Path pictures = Path.of(".");
        Path truth = Path.of(".");
        int count = Integer.MAX_VALUE;
        long seed = 20261125;
        int side = 0;
        Path overlays = Path.of("");
        Path out = Path.of("");
        Path only = Path.of("");
        boolean leat = true;
        int threads = 0;
        final Map<String, Path> peers = new LinkedHashMap<>();
        final Map<String, String> live = new LinkedHashMap<>();
    }

    /**
     * Runs the comparison.
     *
     * @param args as the class says
     * @throws IOException if a file cannot be read
     */
    public static void main(String[] args) throws IOException {
        Given given = given(args);
        List<Path> files = files(given);
        Map<String, Map<String, Seen>> systems = new LinkedHashMap<>();
        systems.putAll(inTurns(files, given));
        for (Map.Entry<String, Path> peer : given.peers.entrySet()) {
            systems.put(peer.getKey(), peer(peer.getValue()));
        }
        report(files, systems, given);
    }

    private static Given given(String[] args) {
        Given given = new Given();
        given.pictures = Path.of(args[0]);
        given.truth = Path.of(args[1]);
        for (int i = 2; i + 1 < args.length; i += 2) {
            String value = args[i + 1];
            switch (args[i]) {
                case "--count" -> given.count = Integer.parseInt(value);
                case "--seed" -> given.seed = Long.parseLong(value);
                case "--side" -> given.side = Integer.parseInt(value);
                case "--leat" -> given.leat = Boolean.parseBoolean(value);
                case "--overlays" -> given.overlays = Path.of(value);
                case "--out" -> given.out = Path.of(value);
                case "--only" -> given.only = Path.of(value);
                case "--threads" -> given.threads = Integer.parseInt(value);
                case "--peer" -> given.peers.put(before(value), Path.of(after(value)));
                case "--live" -> given.live.put(before(value), after(value));
                default -> throw new IllegalArgumentException("unknown option " + args[i]);
            }
        }
        return given;
    }

    private static String before(String assignment) {
        return assignment.substring(0, assignment.indexOf('='));
    }

    private static String after(String assignment) {
        return assignment.substring(assignment.indexOf('=') + 1);
    }

    private static List<Path> files(Given given) throws IOException {
        List<String> only = given.only.toString().isEmpty() ? List.of() : Files.readAllLines(given.only);
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(given.pictures)) {
            all.filter(file -> file.toString().matches(".*\\.(jpg|jpeg|png)"))
                    .filter(file -> only.isEmpty() || only.contains(name(file)))
                    .filter(file -> Files.exists(truth(given, file)))
                    .sorted()
                    .forEach(files::add);
        }
        if (only.isEmpty()) {
            Collections.shuffle(files, new Random(given.seed));
        }
        return files.subList(0, Math.min(given.count, files.size()));
    }

    private static Path truth(Given given, Path file) {
        Path csv = given.truth.resolve(name(file) + ".csv");
        return Files.exists(csv) ? csv : given.truth.resolve(name(file) + ".txt");
    }

    /** Lets Leat and the live peers read each picture, one after the other, another one first each time. */
    private static Map<String, Map<String, Seen>> inTurns(List<Path> files, Given given) throws IOException {
        Map<String, Reader> readers = new LinkedHashMap<>();
        Map<String, Map<String, Seen>> systems = new LinkedHashMap<>();
        try {
            if (given.leat) {
                readers.put("leat", new Leat(given));
            }
            for (Map.Entry<String, String> peer : given.live.entrySet()) {
                readers.put(peer.getKey(), new LivePeer(peer.getKey(), peer.getValue()));
            }
            List<String> names = List.copyOf(readers.keySet());
            for (String name : names) {
                systems.put(name, Files.isRegularFile(kept(given, name)) ? peer(kept(given, name)) : new HashMap<>());
                requireNonNull(readers.get(name)).read(files.get(0)); // loads the models
            }
            for (int i = 0; i < files.size(); i++) {
                String picture = name(files.get(i));
                if (!systems.values().stream().allMatch(seen -> seen.containsKey(picture))) {
                    for (int turn = 0; turn < names.size(); turn++) {
                        String name = names.get((i + turn) % names.size());
                        JsonObject page = requireNonNull(readers.get(name)).read(files.get(i));
                        keep(page, kept(given, name));
                        requireNonNull(systems.get(name)).put(picture, seen(page));
                    }
                }
            }
        } finally {
            readers.values().forEach(Reader::close);
        }
        return systems;
    }

    /** Where the answers of Leat or a live peer are kept; an empty path if nowhere. */
    private static Path kept(Given given, String name) {
        return given.out.toString().isEmpty() ? given.out : given.out.resolve(name + ".jsonl");
    }

    private static void keep(JsonObject page, Path file) throws IOException {
        if (!file.toString().isEmpty()) {
            Files.createDirectories(requireNonNull(file.toAbsolutePath().getParent()));
            Files.writeString(file, page + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    /** Reads pictures, one at a time. */
    private interface Reader extends AutoCloseable {
        JsonObject read(Path file) throws IOException;

        @Override
        void close();
    }

    /** This library. */
    private static final class Leat implements Reader {
        private final Given given;
        private final LeatRuntime runtime;
        private final VisionModels models = VisionModels.load();
        private final Stage<Image, OcrText> ocr;
        private final Pipeline<Image> pipeline;
        private final Phases split = new Phases();
        private int pictures = -1; // the first one loads the models

        Leat(Given given) {
            this.given = given;
            runtime = given.threads == 0
                    ? LeatRuntime.shared()
                    : LeatRuntime.builder()
                            .computeBudget(ComputeBudget.of(given.threads, ComputeBudget.DEFAULT_QUEUE_LIMIT))
                            .build();
            ocr = models.ocr(options -> {
                if (given.side > 0) {
                    options.maxSide(given.side);
                }
            });
            pipeline = Pipeline.<Image>builder("compare")
                    .runtime(runtime)
                    .stages(ocr)
                    .build();
        }

        @Override
        public JsonObject read(Path file) throws IOException {
            if (++pictures == 1) {
                AutoCloseable unused = runtime.listen(split);
            }
            double cpu = Worker.processorSeconds();
            long start = System.nanoTime();
            Outcome<OcrText> outcome = pipeline.run(Image.of(file)).outcome(ocr);
            double seconds = (System.nanoTime() - start) / 1e9;
            double used = Worker.processorSeconds() - cpu;
            OcrText text = outcome instanceof Outcome.Success<OcrText> success
                    ? success.value()
                    : new OcrText(List.of(), 0, 1, 1);
            if (pictures > 0 && !given.overlays.toString().isEmpty()) {
                overlay(file, text, given.overlays);
            }
            return Answers.of(name(file), text, seconds, used);
        }

        @Override
        public void close() {
            pipeline.close();
            models.close();
            split.print(pictures);
        }
    }

    /** A program that answers each line with a path by a line with an object; what else it prints is passed over. */
    private static final class LivePeer implements Reader {
        private final String name;
        private final Process process;
        private final BufferedReader answers;
        private final BufferedWriter questions;

        LivePeer(String name, String command) throws IOException {
            this.name = name;
            process = new ProcessBuilder("sh", "-c", "exec " + command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            answers = process.inputReader(StandardCharsets.UTF_8);
            questions = process.outputWriter(StandardCharsets.UTF_8);
        }

        @Override
        public JsonObject read(Path file) throws IOException {
            questions.write(file.toAbsolutePath() + "\n");
            questions.flush();
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith("{\"file\"")) {
                    return JsonParser.parseString(line).getAsJsonObject();
                }
            }
            throw new IOException(name + " has ended without an answer; run its command by hand to see why");
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    private static Map<String, Seen> peer(Path file) throws IOException {
        Map<String, Seen> seen = new HashMap<>();
        for (String each : Files.readAllLines(file)) {
            JsonObject page = JsonParser.parseString(each).getAsJsonObject();
            seen.put(page.get("file").getAsString(), seen(page));
        }
        return seen;
    }

    private static Seen seen(JsonObject page) {
        return new Seen(
                Answers.page(page),
                page.get("seconds").getAsDouble(),
                page.get("cpu").getAsDouble());
    }

    /** Prints a table for all pictures, and one for each kind if names are of the form {@code KIND-NUMBER}. */
    private static void report(List<Path> files, Map<String, Map<String, Seen>> systems, Given given)
            throws IOException {
        Map<String, List<Path>> kinds = new LinkedHashMap<>();
        for (Path file : files) {
            if (systems.values().stream().allMatch(seen -> seen.containsKey(name(file)))) {
                kinds.computeIfAbsent("all", k -> new ArrayList<>()).add(file);
                if (name(file).matches("[a-z]+-\\d+")) {
                    kinds.computeIfAbsent(name(file).replaceAll("-\\d+", ""), k -> new ArrayList<>())
                            .add(file);
                }
            }
        }
        for (Map.Entry<String, List<Path>> kind : kinds.entrySet()) {
            System.out.printf(
                    "%s, %d pictures%n", kind.getKey(), kind.getValue().size());
            String first = systems.keySet().iterator().next();
            for (Map.Entry<String, Map<String, Seen>> system : systems.entrySet()) {
                Score score = new Score();
                double seconds = 0;
                double cpu = 0;
                for (Path file : kind.getValue()) {
                    Seen seen = requireNonNull(system.getValue().get(name(file)), "counted pictures are read by all");
                    score.add(Page.read(truth(given, file)), seen.page());
                    seconds += seen.seconds();
                    cpu += seen.cpu();
                }
                System.out.printf(
                        "  %-18s word F1 %.4f  CER %.4f  wall %.3f s  processor %.3f s a picture%n",
                        system.getKey(),
                        score.wordF1(),
                        score.characterErrorRate(),
                        seconds / kind.getValue().size(),
                        cpu / kind.getValue().size());
                if (!system.getKey().equals(first)) {
                    Map<String, Seen> ours = requireNonNull(systems.get(first));
                    System.out.printf(
                            "    %s / %s, median of pictures (least to greatest): wall %s, processor %s%n",
                            first,
                            system.getKey(),
                            ratios(kind.getValue(), ours, system.getValue(), Seen::seconds),
                            ratios(kind.getValue(), ours, system.getValue(), Seen::cpu));
                }
            }
        }
    }

    private static String ratios(
            List<Path> files, Map<String, Seen> ours, Map<String, Seen> theirs, ToDoubleFunction<Seen> value) {
        return Spread.text(
                files.stream()
                        .mapToDouble(file -> value.applyAsDouble(requireNonNull(ours.get(name(file))))
                                / value.applyAsDouble(requireNonNull(theirs.get(name(file))))),
                3);
    }

    private static void overlay(Path file, OcrText text, Path folder) throws IOException {
        BufferedImage picture = ImageIO.read(file.toFile());
        BufferedImage drawn = new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = drawn.createGraphics();
        graphics.drawImage(picture, 0, 0, null);
        Color[] colours = {Color.RED, Color.BLUE, new Color(0, 140, 0), Color.MAGENTA, Color.ORANGE};
        int number = 0;
        for (int p = 0; p < text.paragraphs().size(); p++) {
            for (OcrLine line : text.paragraphs().get(p).lines()) {
                graphics.setColor(colours[p % colours.length]);
                graphics.setStroke(new BasicStroke(2));
                graphics.draw(polygon(line.box()));
                Point first = line.box().corners().get(0);
                graphics.drawString(++number + " " + line.text(), first.x(), first.y() - 1);
                graphics.setStroke(new BasicStroke(1));
                graphics.setColor(Color.CYAN);
                line.words().forEach(word -> graphics.draw(polygon(word.box())));
            }
        }
        graphics.dispose();
        Files.createDirectories(folder);
        ImageIO.write(drawn, "png", folder.resolve(name(file) + ".png").toFile());
    }

    private static Polygon polygon(Box box) {
        Polygon polygon = new Polygon();
        box.corners().forEach(corner -> polygon.addPoint(corner.x(), corner.y()));
        return polygon;
    }
}
