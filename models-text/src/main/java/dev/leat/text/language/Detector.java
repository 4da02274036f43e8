package dev.leat.text.language;

import dev.leat.text.DetectedLanguage;
import dev.leat.text.LabelScore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import opennlp.tools.langdetect.Language;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;

/** OpenNLP's language detector; thread-safe. */
final class Detector implements AutoCloseable {

    /** How many languages are told of a text. */
    private static final int CANDIDATES = 10;

    /** More of a text says nothing more about its language. */
    private static final int MAX_CHARS = 4_000;

    /** OpenNLP's codes of single languages whose tags are those of the group. */
    private static final Map<String, String> GROUPS = Map.of(
            "cmn", "zh", "nan", "zh", "ekk", "et", "lvs", "lv", "pes", "fa", "plt", "mg", "arb", "ar", "zlm", "ms");

    private static final Map<String, String> TAGS = tags();

    private final LanguageDetectorModel model;

    private Detector(LanguageDetectorModel model) {
        this.model = model;
    }

    static Detector read(InputStream in, String digest) throws IOException {
        byte[] bytes = in.readAllBytes();
        if (!sha256(bytes).equals(digest)) {
            throw new IOException("the model is another one, or damaged");
        }
        return new Detector(new LanguageDetectorModel(new ByteArrayInputStream(bytes)));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    DetectedLanguage detect(String text) {
        String begin = text.substring(0, Math.min(text.length(), MAX_CHARS));
        if (begin.codePoints().noneMatch(Character::isLetter)) {
            return new DetectedLanguage(List.of());
        }
        // One detector for each call: it is light beside its model, and is not said to be thread-safe.
        Language[] found = new LanguageDetectorME(model).predictLanguages(begin);
        List<LabelScore> candidates = new ArrayList<>();
        for (int i = 0; i < Math.min(CANDIDATES, found.length); i++) {
            candidates.add(new LabelScore(tag(found[i].getLang()), found[i].getConfidence()));
        }
        return new DetectedLanguage(candidates);
    }

    private static String tag(String iso3) {
        return TAGS.getOrDefault(iso3, iso3);
    }

    private static Map<String, String> tags() {
        Map<String, String> tags = new HashMap<>(GROUPS);
        for (String tag : Locale.getISOLanguages()) {
            tags.putIfAbsent(Locale.forLanguageTag(tag).getISO3Language(), tag);
        }
        return Map.copyOf(tags);
    }

    /** Does nothing: the model is on the heap. */
    @Override
    public void close() {}
}
