using System.Text;

namespace Strata.EndToEnd;

/// <summary>The lines that differ, with three lines around them.</summary>
internal static class LineDiff
{
    private const int Context = 3;

    public static string Between(string expected, string actual)
    {
        var a = expected.Split('\n');
        var b = actual.Split('\n');
        var lines = Walk(a, b, CommonLengths(a, b));
        var text = new StringBuilder();
        var wasSkipped = false;
        for (var i = 0; i < lines.Count; i++)
        {
            var from = Math.Max(0, i - Context);
            var isNear = lines[from..Math.Min(lines.Count, i + Context + 1)].Exists(line => line.Mark != ' ');
            if (isNear)
                text.Append(lines[i].Mark).Append(lines[i].Text).Append('\n');
            else if (!wasSkipped)
                text.Append("...\n");
            wasSkipped = !isNear;
        }
        return text.ToString();
    }

    // the length of the longest common subsequence of the rests that begin at (i, j)
    private static int[,] CommonLengths(string[] a, string[] b)
    {
        var lengths = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
                lengths[i, j] =
                    a[i] == b[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
        }
        return lengths;
    }

    private static List<(char Mark, string Text)> Walk(string[] a, string[] b, int[,] lengths)
    {
        var lines = new List<(char, string)>();
        int i = 0,
            j = 0;
        while (i < a.Length || j < b.Length)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
            {
                lines.Add((' ', a[i]));
                i++;
                j++;
            }
            else if (j == b.Length || (i < a.Length && lengths[i + 1, j] >= lengths[i, j + 1]))
                lines.Add(('-', a[i++]));
            else
                lines.Add(('+', b[j++]));
        }
        return lines;
    }
}
