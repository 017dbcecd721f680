using System.Globalization;
using System.Text;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating;
using Strata.Compiler.Text;
using Strata.Conformance.Scriban;

namespace Strata.Compiler.Tests.Templating;

/// <summary>
/// Templates of the corpus, broken at random: whatever the text, there are diagnostics and nothing else. No
/// exception, no hang. FUZZ_SEED repeats a run; FUZZ_CASES makes it longer.
/// </summary>
public sealed class TemplateFuzzTests
{
    private const string Folder = "conformance/scriban";

    private static readonly string[] s_pieces =
    [
        "{{",
        "}}",
        "{{-",
        "~}}",
        "{%{",
        "}%}",
        "\"",
        "'",
        "`",
        "$\"",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "|",
        ".",
        "..",
        "?.",
        "?",
        ":",
        ",",
        ";",
        "\n",
        "#",
        "##",
        "$",
        "$$",
        "$0",
        "@",
        "^",
        "!",
        "-",
        "++",
        "=",
        "==",
        "??",
        "<<",
        "end",
        "else",
        "if true",
        "for x in ",
        "while ",
        "func f",
        "ret ",
        "case 1",
        "when 1",
        "do;",
        "with this",
        "wrap f",
        "capture x",
        "import this",
        "tablerow x in ",
        "break",
        "continue",
        "readonly x",
        "include \"a\" ",
        "0",
        "-1",
        "1e300",
        "0.1m",
        "99999999999",
        "null",
        "true",
        "this",
        "empty",
        "for.index",
        "\\",
        "\\u00e9",
        "é",
        "\0",
        "\ud800",
        " ",
        "array.",
        "string.",
        "object.eval ",
        "math.",
        "regex.match ",
        "date.parse ",
    ];

    [CorporaFact(Folder)]
    public void Render_MutatedTemplates_GivesDiagnosticsAndNothingElse()
    {
        var seed = Setting("FUZZ_SEED", 20_240_305);
        var cases = Setting("FUZZ_CASES", 4_000);
        var seeds = ScribanCorpus
            .Read(Corpora.PathTo(Folder))
            .Select(@case => @case.Template)
            .Where(template => template.Length < 2_000)
            .ToList();

        for (var i = 0; i < cases; i++)
        {
            var random = new Random(seed + i);
            var text = Mutate(seeds[random.Next(seeds.Count)], seeds, random);
            var isLenient = random.Next(2) == 0;
            Check(text, isLenient, isScript: random.Next(8) == 0, seed + i);
        }
    }

    private static int Setting(string name, int @default) =>
        int.TryParse(
            Environment.GetEnvironmentVariable(name),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var value
        )
            ? value
            : @default;

    private static string Mutate(string template, List<string> seeds, Random random)
    {
        var text = new StringBuilder(template);
        for (var mutations = random.Next(1, 6); mutations > 0; mutations--)
        {
            var at = random.Next(text.Length + 1);
            var length = Math.Min(random.Next(8), text.Length - at);
            switch (random.Next(5))
            {
                case 0:
                    text.Remove(at, length);
                    break;
                case 1:
                    text.Insert(at, s_pieces[random.Next(s_pieces.Length)]);
                    break;
                case 2:
                    text.Remove(at, length).Insert(at, s_pieces[random.Next(s_pieces.Length)]);
                    break;
                case 3:
                    text.Insert(at, text.ToString(at, length));
                    break;
                default:
                    var other = seeds[random.Next(seeds.Count)];
                    var from = random.Next(other.Length + 1);
                    text.Insert(at, other.AsSpan(from, Math.Min(random.Next(40), other.Length - from)));
                    break;
            }
        }
        return text.ToString();
    }

    private static void Check(string text, bool isLenient, bool isScript, int seed)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            var template = Template.Parse(
                new SourceText("fuzz", text),
                new TemplateParseOptions { IsLenient = isLenient, IsScript = isScript }
            );
            _ = template.Facts;
            _ = MacroLibrary.Load([template]);
            var options = (isLenient ? RenderOptions.Lenient : RenderOptions.Default) with
            {
                Limits = new TemplateLimits
                {
                    Iterations = 2_000,
                    OutputLength = 100_000,
                    RegexTime = TimeSpan.FromMilliseconds(100),
                    TotalTime = TimeSpan.FromSeconds(10),
                },
                Loader = new Loader(template),
            };
            var result = TemplateRenderer.Render(template, TemplateScope.BuiltIns, options, timeout.Token);
            foreach (var diagnostic in result.Diagnostics)
                DiagnosticRenderer.Render(diagnostic).ShouldNotBeEmpty();
            foreach (var segment in result.Map.Segments)
                (segment.OutputStart + segment.OutputLength).ShouldBeLessThanOrEqualTo(result.Text.Length);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException(
                $"FUZZ_SEED={seed} FUZZ_CASES=1 fails on:\n{text}",
                exception
            );
        }
    }

    private sealed class Loader(Template self) : ITemplateLoader
    {
        public Template? Load(string name) => name == "a" ? self : null;
    }
}
