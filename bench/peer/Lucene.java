import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.Version;

/**
 * Lucene on the retrieval task: {@code Lucene NOTICES MIX TRUE STOPWORDS FOLDER RESULTS SECONDS}.
 *
 * <p>Memory-mapped index merged into one segment; frequencies without positions; CJKAnalyzer (Unicode words, Han as pairs) with the common
 * list of function words on both sides; BM25 over the OR of the distinct words. The collector counts no hits beyond the
 * best ten, which lets block-max WAND leave out what cannot reach them. CPU time is that of the whole process, so that the compiler
 * and the collector of the virtual machine are in it; it has a longer warm-up than the others.
 */
public final class Lucene {
    private static final int TOP = 10;
    private static final double WARM_UP_S = 8;

    private final Analyzer analyzer;
    private IndexSearcher searcher;

    private Lucene(CharArraySet stop) {
        analyzer = new CJKAnalyzer(stop);
    }

    private static double cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
    }

    private static void figure(String name, double v) {
        System.out.printf(Locale.ROOT, "%s\t%.6f%n", name, v);
    }

    private static List<String> texts(String path) throws IOException {
        List<String> out = new ArrayList<>();
        for (String line : Files.readAllLines(Paths.get(path))) out.add(line.substring(line.lastIndexOf('\t') + 1));
        return out;
    }

    private void build(Directory dir, List<String> notices) throws IOException {
        double start = cpu();
        FieldType type = new FieldType();
        type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        type.setTokenized(true);
        type.freeze();
        IndexWriterConfig config = new IndexWriterConfig(analyzer).setOpenMode(IndexWriterConfig.OpenMode.CREATE).setRAMBufferSizeMB(256);
        try (IndexWriter w = new IndexWriter(dir, config)) {
            int number = 0;
            for (String text : notices) {
                Document d = new Document();
                d.add(new Field("text", text, type));
                d.add(new NumericDocValuesField("number", ++number));
                w.addDocument(d);
            }
            w.forceMerge(1);
        }
        figure("build_cpu_s", cpu() - start);
    }

    private Set<String> words(String text) throws IOException {
        Set<String> out = new LinkedHashSet<>();
        try (TokenStream s = analyzer.tokenStream("text", text)) {
            CharTermAttribute term = s.addAttribute(CharTermAttribute.class);
            s.reset();
            while (s.incrementToken()) out.add(term.toString());
            s.end();
        }
        return out;
    }

    /** The best documents, by their place in the index; number() gives the notice. */
    private ScoreDoc[] search(String text) throws IOException {
        BooleanQuery.Builder q = new BooleanQuery.Builder();
        for (String w : words(text)) q.add(new TermQuery(new Term("text", w)), BooleanClause.Occur.SHOULD);
        TopScoreDocCollector top = TopScoreDocCollector.create(TOP, TOP);
        searcher.search(q.build(), top);
        return top.topDocs().scoreDocs;
    }

    private void run(String name, List<String> offers, String results, double seconds) throws IOException {
        if (results != null) {
            try (BufferedWriter w = Files.newBufferedWriter(Paths.get(results))) {
                for (int i = 0; i < offers.size(); i++) {
                    for (ScoreDoc d : search(offers.get(i))) w.write((i + 1) + "\t" + number(d.doc) + "\n");
                }
            }
        }
        double start = cpu();
        while (cpu() - start < WARM_UP_S) pass(offers);
        start = cpu();
        long done = 0;
        do {
            pass(offers);
            done += offers.size();
        } while (cpu() - start < seconds);
        figure(name + "_cpu_s", cpu() - start);
        System.out.println(name + "_offers\t" + done);
    }

    private void pass(List<String> offers) throws IOException {
        for (String o : offers) search(o);
    }

    private long number(int doc) throws IOException {
        NumericDocValues v = searcher.getIndexReader().leaves().get(0).reader().getNumericDocValues("number");
        v.advanceExact(doc);
        return v.longValue();
    }

    public static void main(String[] args) throws IOException {
        CharArraySet stop = new CharArraySet(200, true);
        for (String s : Files.readAllLines(Paths.get(args[3]))) if (!s.isEmpty() && !s.startsWith("#")) stop.add(s);
        Lucene l = new Lucene(stop);
        Path folder = Paths.get(args[4]);
        System.out.println("version\tLucene " + Version.LATEST + ", Java " + System.getProperty("java.version"));
        try (Directory dir = new MMapDirectory(folder)) {
            l.build(dir, texts(args[0]));
            try (DirectoryReader reader = DirectoryReader.open(dir)) {
                l.searcher = new IndexSearcher(reader);
                l.searcher.setQueryCache(null);
                double seconds = Double.parseDouble(args[6]);
                l.run("mix", texts(args[1]), null, seconds);
                l.run("true", texts(args[2]), args[5], seconds);
            }
        }
    }
}
