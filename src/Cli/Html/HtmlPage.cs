using System.Globalization;
using System.Reflection;
using System.Text;

namespace Strata.Cli.Html;

/// <summary>The frame of every page: one file that needs nothing else, no network and no other file, in light and dark.</summary>
internal static class HtmlPage
{
    // nothing is loaded and nothing is sent, whatever a value in the page might try
    private const string Policy =
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";

    /// <param name="style">The embedded style sheet that follows the one which all pages have.</param>
    /// <param name="script">The embedded script.</param>
    public static string Write(string title, string style, string script, Action<HtmlWriter> writeBody)
    {
        var page = new HtmlWriter();
        page.Open("html", ("lang", "en"));
        page.Open("head").Open("meta", ("charset", "utf-8"));
        page.Open("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy));
        page.Open("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        page.Open("meta", ("name", "color-scheme"), ("content", "light dark"));
        page.Element("title", title);
        page.Own("style", Resource("html/page.css") + Resource(style)).Close();
        page.Open("body");
        writeBody(page);
        page.Own("script", Resource(script)).Close().Close();
        return "<!doctype html>\n" + page + "\n";
    }

    /// <summary>A number with its name, greyed out where there is none.</summary>
    public static void WriteTile(HtmlWriter page, string number, string name, string tone, bool isNone)
    {
        page.Open("div", ("class", isNone ? "tile none" : $"tile {tone}"));
        page.Element("b", number).Text(" ").Element("span", name).Close();
    }

    public static string Instant(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Resource(string name)
    {
        using var stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the resource '{name}' is missing");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
