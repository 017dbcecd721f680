using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Strata.Compiler.Templating.Values;

/// <summary>Turns what a host hands over into the values that the language knows.</summary>
internal static class HostValues
{
    public static object? Normalize(object? value) =>
        value switch
        {
            null
            or string
            or bool
            or int
            or long
            or double
            or decimal
            or float
            or BigInteger
            or DateTime
            or TimeSpan
            or TemplateObject
            or TemplateArray
            or TemplateRange
            or TemplateFunction => value,
            byte or sbyte or short or ushort or uint => Boxes.Of(
                Convert.ToInt64(value, CultureInfo.InvariantCulture)
            ),
            ulong number => Boxes.Of((BigInteger)number),
            Half half => (float)half,
            char character => character.ToString(),
            DateTimeOffset offset => offset.UtcDateTime,
            DateOnly date => date.ToDateTime(TimeOnly.MinValue),
            TimeOnly time => time.ToTimeSpan(),
            Enum => value.ToString(),
            JsonElement json => FromJson(json),
            IReadOnlyDictionary<string, object?> members => new TemplateObject(members),
            IReadOnlyDictionary<string, string> texts => new TemplateObject(
                texts.Select(text => KeyValuePair.Create(text.Key, (object?)text.Value))
            ),
            IDictionary members => FromDictionary(members),
            IEnumerable items => FromItems(items),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString(),
        };

    public static object? FromJson(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new TemplateObject();
                foreach (var member in json.EnumerateObject())
                    members.Add(member.Name, FromJson(member.Value));
                return members;
            case JsonValueKind.Array:
                var items = new TemplateArray(json.GetArrayLength());
                foreach (var item in json.EnumerateArray())
                    items.Add(FromJson(item));
                return items;
            case JsonValueKind.String:
                return json.GetString();
            case JsonValueKind.Number:
                return FromJsonNumber(json);
            case JsonValueKind.True:
                return Boxes.True;
            case JsonValueKind.False:
                return Boxes.False;
            default:
                return null;
        }
    }

    private static object FromJsonNumber(JsonElement json)
    {
        if (json.TryGetInt64(out var number))
            return Boxes.Of(number);
        var text = json.GetRawText();
        if (
            text.Length < 1000
            && BigInteger.TryParse(
                text,
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var big
            )
        )
            return big;
        return json.GetDouble();
    }

    private static TemplateObject FromDictionary(IDictionary dictionary)
    {
        var members = new TemplateObject();
        foreach (DictionaryEntry entry in dictionary)
        {
            var name = Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "";
            members.Add(name, Normalize(entry.Value));
        }
        return members;
    }

    private static TemplateArray FromItems(IEnumerable items)
    {
        var array = new TemplateArray();
        foreach (var item in items)
            array.Add(Normalize(item));
        return array;
    }
}
