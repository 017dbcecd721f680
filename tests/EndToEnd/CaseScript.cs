using System.Text;

namespace Strata.EndToEnd;

/// <summary>The file <c>cmd</c> of a case, read.</summary>
internal sealed record CaseScript(
    bool NeedsPostgres,
    string? NeedsCorpora,
    string? Base,
    IReadOnlyList<CaseStep> Steps
)
{
    public static CaseScript Read(string file)
    {
        var needsPostgres = false;
        string? needsCorpora = null;
        string? baseCase = null;
        var steps = new List<CaseStep>();
        var lines = File.ReadAllLines(file);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line == "# postgres")
                needsPostgres = true;
            else if (line.StartsWith("# corpora "))
                needsCorpora = line["# corpora ".Length..].Trim();
            else if (line.StartsWith("# base "))
                baseCase = line["# base ".Length..].Trim();
            else if (line.StartsWith("$ "))
                steps.Add(ReadStep(file, lines, ref i));
            else if (line.Length > 0 && line[0] != '#')
                throw new FormatException($"{file}:{i + 1}: a line begins with '$ ' or '#': {line}");
        }
        return new CaseScript(needsPostgres, needsCorpora, baseCase, steps);
    }

    private static CaseStep ReadStep(string file, string[] lines, ref int i)
    {
        var typed = lines[i].Trim()[2..];
        string? text = null;
        if (typed.IndexOf("<<", StringComparison.Ordinal) is > 0 and var here)
        {
            var end = typed[(here + 2)..].Trim();
            typed = typed[..here].TrimEnd();
            var body = new StringBuilder();
            var start = i + 1;
            for (i++; i < lines.Length && lines[i] != end; i++)
                body.Append(lines[i]).Append('\n');
            if (i == lines.Length)
                throw new FormatException($"{file}:{start}: no line '{end}' ends this text");
            text = body.ToString();
        }
        return new CaseStep(typed, Words(typed), text);
    }

    private static List<string> Words(string typed)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char? quote = null;
        var isWord = false;
        foreach (var c in typed)
        {
            if (quote is not null)
            {
                if (c == quote)
                    quote = null;
                else
                    word.Append(c);
            }
            else if (c is '\'' or '"')
            {
                quote = c;
                isWord = true;
            }
            else if (c == ' ')
            {
                if (isWord)
                    words.Add(word.ToString());
                word.Clear();
                isWord = false;
            }
            else
            {
                word.Append(c);
                isWord = true;
            }
        }
        if (isWord)
            words.Add(word.ToString());
        return words;
    }
}

/// <param name="Typed">The line, without its text.</param>
/// <param name="Words">The line's words without quotes; the first one is the command.</param>
/// <param name="Text">What stood between the line and its end word.</param>
internal sealed record CaseStep(string Typed, IReadOnlyList<string> Words, string? Text);
