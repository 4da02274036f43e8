package dev.leat.benchmarks.peers;

import com.benjaminwan.ocrlibrary.OcrResult;
import com.benjaminwan.ocrlibrary.Point;
import com.benjaminwan.ocrlibrary.TextBlock;
import dev.leat.benchmarks.worker.Reader;
import dev.leat.benchmarks.worker.Worker;
import io.github.mymonstercat.Model;
import io.github.mymonstercat.ocr.InferenceEngine;
import io.github.mymonstercat.ocr.config.HardwareConfig;
import java.nio.file.Path;
import java.util.Locale;

/** RapidOCR for Java, its defaults and PP-OCRv4; its native threads keep the JVM alive. */
final class RapidOcr {

    private final InferenceEngine engine;

    RapidOcr(int threads) {
        engine = InferenceEngine.getInstance(Model.ONNX_PPOCR_V4, new HardwareConfig(threads, -1));
    }

    /** Reads a picture; the answer is an object of {@code file, seconds, cpu, lines}, as CompareOcr wants it. */
    String read(Path file) {
        double cpu = Worker.processorSeconds();
        long start = System.nanoTime();
        OcrResult result = engine.runOcr(file.toString());
        StringBuilder out = new StringBuilder(String.format(
                Locale.ROOT,
                "{\"file\":\"%s\",\"seconds\":%.4f,\"cpu\":%.4f,\"lines\":[",
                Reader.name(file),
                (System.nanoTime() - start) / 1e9,
                Worker.processorSeconds() - cpu));
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

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (char c : text.toCharArray()) {
            out.append(c < ' ' || c > '~' || c == '"' || c == '\\' ? String.format("\\u%04x", (int) c) : c);
        }
        return out.toString();
    }
}
