using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Graph.Selection;

namespace Strata.Cli.Listing;

/// <summary>A listing as bytes. Read only by the very build of strata that wrote it, so that it has no versions.</summary>
internal static class ListingFile
{
    private enum Kind : byte
    {
        Null,
        False,
        True,
        Whole,
        Double,
        Decimal,
        Text,
        List,
        Map,
    }

    public static void Write(BinaryWriter writer, ProjectListing listing)
    {
        writer.Write(listing.ProjectName);
        writer.Write(listing.Nodes.Length);
        foreach (var listed in listing.Nodes)
        {
            var node = listed.Node;
            writer.Write(node.Id);
            writer.Write(node.ResourceType);
            writer.Write(node.Name);
            writer.Write(node.Package);
            WriteTexts(writer, node.Fqn);
            writer.Write(node.Path);
            WriteText(writer, node.PatchPath);
            WriteTexts(writer, node.Tags);
            WriteMap(writer, node.Config);
            WriteTexts(writer, node.DependsOn);
            WriteText(writer, node.SourceName);
            WriteText(writer, node.TestName);
            WriteText(writer, node.Version);
            WriteText(writer, node.LatestVersion);
            WriteText(writer, node.Group);
            WriteText(writer, node.Access);
            WriteText(writer, node.Layer);
            WriteText(writer, node.Engine);
            writer.Write(listed.Description);
            WriteText(writer, listed.Materialized);
            WriteText(writer, listed.Connection);
            WriteText(writer, listed.Relation);
        }
    }

    /// <exception cref="IOException">The bytes end too early.</exception>
    public static ProjectListing Read(BinaryReader reader)
    {
        var project = reader.ReadString();
        var nodes = new ListedNode[reader.ReadInt32()];
        for (var i = 0; i < nodes.Length; i++)
        {
            var node = new SelectableNode
            {
                Id = reader.ReadString(),
                ResourceType = reader.ReadString(),
                Name = reader.ReadString(),
                Package = reader.ReadString(),
                Fqn = ReadTexts(reader),
                Path = reader.ReadString(),
                PatchPath = ReadText(reader),
                Tags = ReadTexts(reader),
                Config = ReadMap(reader),
                DependsOn = ReadTexts(reader),
                SourceName = ReadText(reader),
                TestName = ReadText(reader),
                Version = ReadText(reader),
                LatestVersion = ReadText(reader),
                Group = ReadText(reader),
                Access = ReadText(reader),
                Layer = ReadText(reader),
                Engine = ReadText(reader),
            };
            nodes[i] = new ListedNode(
                node,
                reader.ReadString(),
                ReadText(reader),
                ReadText(reader),
                ReadText(reader)
            );
        }
        return new ProjectListing(project, ImmutableArray.Create(nodes));
    }

    public static void WriteTexts(BinaryWriter writer, ImmutableArray<string> texts)
    {
        writer.Write(texts.Length);
        foreach (var text in texts)
            writer.Write(text);
    }

    /// <exception cref="IOException">The bytes end too early.</exception>
    public static ImmutableArray<string> ReadTexts(BinaryReader reader)
    {
        var texts = new string[reader.ReadInt32()];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = reader.ReadString();
        return ImmutableArray.Create(texts);
    }

    private static void WriteText(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
            writer.Write(text);
    }

    private static string? ReadText(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;

    private static void WriteMap(BinaryWriter writer, ImmutableSortedDictionary<string, object?> map)
    {
        writer.Write(map.Count);
        foreach (var (key, value) in map)
        {
            writer.Write(key);
            WriteValue(writer, value);
        }
    }

    private static ImmutableSortedDictionary<string, object?> ReadMap(BinaryReader reader)
    {
        var map = ImmutableSortedDictionary<string, object?>.Empty;
        for (var left = reader.ReadInt32(); left > 0; left--)
            map = map.Add(reader.ReadString(), ReadValue(reader));
        return map;
    }

    private static void WriteValue(BinaryWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.Write((byte)Kind.Null);
                break;
            case bool flag:
                writer.Write((byte)(flag ? Kind.True : Kind.False));
                break;
            case string text:
                writer.Write((byte)Kind.Text);
                writer.Write(text);
                break;
            case int or long:
                writer.Write((byte)Kind.Whole);
                writer.Write(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number:
                writer.Write((byte)Kind.Double);
                writer.Write(number);
                break;
            case decimal number:
                writer.Write((byte)Kind.Decimal);
                writer.Write(number);
                break;
            case ImmutableSortedDictionary<string, object?> map:
                writer.Write((byte)Kind.Map);
                WriteMap(writer, map);
                break;
            case System.Collections.IEnumerable items:
                writer.Write((byte)Kind.List);
                var all = items.Cast<object?>().ToList();
                writer.Write(all.Count);
                foreach (var item in all)
                    WriteValue(writer, item);
                break;
            default:
                throw new NotSupportedException($"a configuration value of {value.GetType()}");
        }
    }

    private static object? ReadValue(BinaryReader reader)
    {
        switch ((Kind)reader.ReadByte())
        {
            case Kind.Null:
                return null;
            case Kind.False:
                return false;
            case Kind.True:
                return true;
            case Kind.Whole:
                return reader.ReadInt64();
            case Kind.Double:
                return reader.ReadDouble();
            case Kind.Decimal:
                return reader.ReadDecimal();
            case Kind.Text:
                return reader.ReadString();
            case Kind.Map:
                return ReadMap(reader);
            case Kind.List:
                var items = new object?[reader.ReadInt32()];
                for (var i = 0; i < items.Length; i++)
                    items[i] = ReadValue(reader);
                return items;
            default:
                throw new InvalidDataException("no listing");
        }
    }
}
