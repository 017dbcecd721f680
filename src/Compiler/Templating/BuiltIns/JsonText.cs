using System.Buffers;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Values;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary>Values as JSON and back.</summary>
internal static class JsonText
{
    /// <summary>The text goes into SQL, not into HTML: letters of all languages stay readable.</summary>
    private static readonly JsonWriterOptions s_options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 1000,
        SkipValidation = true,
    };

    private static readonly JsonWriterOptions s_lenient = s_options with
    {
        Encoder = JavaScriptEncoder.Default,
    };

    public static object? Parse(TemplateCallContext call)
    {
        if (call.TextOrNull(0) is not { } text)
            return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return HostValues.FromJson(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw call.Error(TemplateDiagnostics.InvalidJson(call.SpanOf(0), exception.Message));
        }
    }

    public static string Write(TemplateCallContext call)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (
            var writer = new Utf8JsonWriter(buffer, call.Context.Options.IsLenient ? s_lenient : s_options)
        )
            Write(call, writer, call[0], 0);
        return call.Checked(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void Write(TemplateCallContext call, Utf8JsonWriter writer, object? value, int depth)
    {
        var context = call.Context;
        if (depth > context.Limits.ObjectDepth)
            throw call.Error(TemplateDiagnostics.ObjectTooDeep(call.SpanOf(0), context.Limits.ObjectDepth));
        context.EnsureStack(call.CallSpan);
        context.CheckLength(writer.BytesCommitted + writer.BytesPending, call.CallSpan);
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case BigInteger number:
                writer.WriteRawValue(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case float number when float.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            case DateTime date:
                writer.WriteStringValue(date);
                break;
            case TemplateFunction:
                throw call.Invalid(0, "a function cannot be written as JSON");
            case TemplateObject @object:
                WriteObject(call, writer, @object, depth);
                break;
            case IReadOnlyList<object?> list:
                WriteList(call, writer, list, depth);
                break;
            default:
                writer.WriteStringValue(call.TextOf(value));
                break;
        }
    }

    private static void WriteObject(
        TemplateCallContext call,
        Utf8JsonWriter writer,
        TemplateObject @object,
        int depth
    )
    {
        call.CountIterations(@object.Count);
        writer.WriteStartObject();
        foreach (var (name, member) in @object)
        {
            writer.WritePropertyName(name);
            Write(call, writer, member, depth + 1);
        }
        writer.WriteEndObject();
    }

    private static void WriteList(
        TemplateCallContext call,
        Utf8JsonWriter writer,
        IReadOnlyList<object?> list,
        int depth
    )
    {
        call.CountIterations(list.Count);
        writer.WriteStartArray();
        for (var i = 0; i < list.Count; i++)
            Write(call, writer, list[i], depth + 1);
        writer.WriteEndArray();
    }
}
