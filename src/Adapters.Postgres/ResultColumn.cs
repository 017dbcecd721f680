using System.Collections.Immutable;
using Npgsql;

namespace Strata.Adapters.Postgres;

/// <param name="Oid">The type's number in pg_type; fixed for the types that every server has.</param>
/// <param name="Type">The type with its modifiers: <c>numeric(10,2)</c>.</param>
internal sealed record ResultColumn(string Name, uint Oid, string Type)
{
    public static ImmutableArray<ResultColumn> Of(NpgsqlDataReader reader)
    {
        var columns = ImmutableArray.CreateBuilder<ResultColumn>(reader.FieldCount);
        for (var i = 0; i < reader.FieldCount; i++)
            columns.Add(new ResultColumn(reader.GetName(i), reader.GetDataTypeOID(i), TypeName(reader, i)));
        return columns.MoveToImmutable();
    }

    // as format_type writes it: numeric(10,2), numeric(5,0); bpchar, since character is character(1)
    private static string TypeName(NpgsqlDataReader reader, int ordinal)
    {
        var name = reader.GetDataTypeName(ordinal).Replace(", ", ",", StringComparison.Ordinal);
        return name switch
        {
            "character" => "bpchar",
            "character[]" => "bpchar[]",
            "char" => "\"char\"",
            "char[]" => "\"char\"[]",
            _ when name.StartsWith("numeric(", StringComparison.Ordinal) && !name.Contains(',') =>
                name.Replace(")", ",0)", StringComparison.Ordinal),
            _ => name,
        };
    }
}
