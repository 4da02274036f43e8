import com.benjaminwan.ocrlibrary.OcrResult;
import com.benjaminwan.ocrlibrary.Point;
import com.benjaminwan.ocrlibrary.TextBlock;
import io.github.mymonstercat.Model;
import io.github.mymonstercat.ocr.InferenceEngine;
import io.github.mymonstercat.ocr.config.HardwareConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Reads a folder of pictures with RapidOCR for Java, its defaults and PP-OCRv4, for CompareOcr's {@code --peer}.
 *
 * <pre>
 * mvn -f pom.xml dependency:build-classpath -Dmdep.outputFile=classpath.txt
 * java -cp "$(cat classpath.txt)" ReadWithRapidOcr.java PICTURES OUT.jsonl THREADS [NAMES.txt]
 * java -cp "$(cat classpath.txt)" ReadWithRapidOcr.java - - THREADS
 * </pre>
 *
 * <p>The second form is for {@code --live}: paths come in, a line each, answers go out.
 */
class ReadWithRapidOcr {

    public static void main(String[] args) throws Exception {
        InferenceEngine engine = InferenceEngine.getInstance(
                Model.ONNX_PPOCR_V4, new HardwareConfig(Integer.parseInt(args[2]), -1));
        if (args[0].equals("-")) {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(answer(engine, Path.of(line)));
            }
        } else {
            List<Path> files = files(Path.of(args[0]), args.length > 3 ? Files.readAllLines(Path.of(args[3])) : List.of());
            engine.runOcr(files.get(0).toString()); // loads
            try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(args[1])))) {
                for (Path file : files) {
                    out.println(answer(engine, file));
                    out.flush();
                }
            }
        }
        System.exit(0); // its native threads keep the JVM alive
    }

    private static List<Path> files(Path folder, List<String> only) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().matches(".*\\.(jpg|jpeg|png)"))
                    .filter(file -> only.isEmpty() || only.contains(name(file)))
                    .sorted()
                    .toList();
        }
    }

    private static String answer(InferenceEngine engine, Path file) {
        long cpu = cpu();
        long start = System.nanoTime();
        OcrResult result = engine.runOcr(file.toString());
        StringBuilder out = new StringBuilder(String.format(
                Locale.ROOT,
                "{\"file\":\"%s\",\"seconds\":%.4f,\"cpu\":%.4f,\"lines\":[",
                name(file),
                (System.nanoTime() - start) / 1e9,
                (cpu() - cpu) / 1e9));
        String between = "";
        for (TextBlock block : result.getTextBlocks()) {
            out.append(between + "{\"text\":\"" + escaped(block.getText()) + "\",\"box\":[");
            between = ",";
            String comma = "";
            for (Point point : block.getBoxPoint()) {
                out.append(comma + "[" + point.getX() + "," + point.getY() + "]");
                comma = ",";
            }
            out.append("]}");
        }
        return out.append("]}").toString();
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static String name(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (char c : text.toCharArray()) {
            out.append(c < ' ' || c > '~' || c == '"' || c == '\\' ? String.format("\\u%04x", (int) c) : c);
        }
        return out.toString();
    }
}
