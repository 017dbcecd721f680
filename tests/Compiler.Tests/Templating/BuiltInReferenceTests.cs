using System.Globalization;
using System.Text.Json;
using Strata.Compiler.Templating;
using Strata.Compiler.Templating.BuiltIns;

namespace Strata.Compiler.Tests.Templating;

public sealed class BuiltInReferenceTests
{
    private const string Corpus = "conformance/scriban/builtins.json";

    private static readonly string s_page = RepositoryRoot.Combine("docs", "reference", "builtins.md");

    public static TheoryData<string> Functions() =>
        [.. BuiltInReference.Functions().Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Function_ItsExample_PrintsWhatTheReferenceSays(string name)
    {
        var function = BuiltInReference.Functions().Single(function => function.Name == name);

        function.Description.ShouldEndWith(".");
        if (name.StartsWith("include", StringComparison.Ordinal))
            return;
        function.Example.ShouldNotBeNull("every function has an example");
        Rendering
            .Text(function.Example, TemplateScope.BuiltIns.With<ISqlQuoting>(new AnsiQuoting()))
            .ShouldBe(function.Output);
    }

    [Fact]
    public void Page_OfTheRepository_IsWhatTheCodeSays()
    {
        var markdown = BuiltInReference.ToMarkdown();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is { Length: > 0 })
            File.WriteAllText(s_page, markdown);

        File.ReadAllText(s_page).ShouldBe(markdown, "UPDATE_GOLDEN=1 rewrites the page");
    }

    [CorporaFact(Corpus)]
    public void Functions_OfTheLanguage_AreAllThereWithTheirParameters()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Corpora.PathTo(Corpus)));
        var ours = BuiltInReference.Functions().ToDictionary(function => function.Name);

        foreach (var entry in document.RootElement.EnumerateArray())
        {
            var name = entry.GetProperty("name").GetString().ShouldNotBeNull();
            ours.ShouldContainKey(name);
            var parameters = entry.GetProperty("parameters").EnumerateArray().ToList();
            for (var i = 0; i < parameters.Count; i++)
            {
                var parameter = SnakeCase(parameters[i].GetProperty("name").GetString() ?? "");
                ours[name].Parameters.Length.ShouldBeGreaterThan(i, name);
                ours[name].Parameters[i].Name.ShouldBe(parameter, name);
                if (parameters[i].GetProperty("optional").GetBoolean())
                    ours[name].Parameters[i].IsRequired.ShouldBeFalse(name);
            }
        }
    }

    private static string SnakeCase(string name) =>
        string.Concat(
            name.Select(letter =>
                char.IsUpper(letter) ? "_" + char.ToLowerInvariant(letter) : letter.ToString()
            )
        );

    private sealed class AnsiQuoting : ISqlQuoting
    {
        public string QuoteIdentifier(string name) => $"\"{name.Replace("\"", "\"\"")}\"";

        public string Literal(object? value) =>
            value switch
            {
                null => "NULL",
                bool flag => flag ? "TRUE" : "FALSE",
                string text => $"'{text.Replace("'", "''")}'",
                _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
            };

        public string DateLiteral(DateOnly date) => $"DATE '{date:yyyy-MM-dd}'";

        public string TimestampLiteral(DateTime timestamp) =>
            $"TIMESTAMP '{timestamp:yyyy-MM-dd HH:mm:ss.FFFFFF}'";
    }
}
