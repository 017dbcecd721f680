using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Strata.Compiler.Sql;

/// <summary>Postgres 13 and later.</summary>
public sealed class PostgresDialect : SqlDialect
{
    public static readonly PostgresDialect Instance = new();

    private PostgresDialect() { }

    public override EngineType Engine => EngineType.Postgres;

    public override string Name => "postgres";

    public override int MaxIdentifierBytes => 63;

    // with standard_conforming_strings off a backslash would escape; the E form reads alike either way
    public override string QuoteString(string value) =>
        value.Contains('\\', StringComparison.Ordinal)
            ? " E" + base.QuoteString(value.Replace("\\", "\\\\", StringComparison.Ordinal))
            : base.QuoteString(value);

    public override (string Remember, string GiveBack)? RightsOf(RelationName view)
    {
        var name = QuoteString(Quote(view));
        // a setting of the transaction holds the statements: one for each view
        var setting =
            $"strata.rights_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Quote(view))))[..24]}";
        var role =
            "case g.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end "
            + "|| case when g.is_grantable then ' with grant option' else '' end";
        var remember = $"""
            select set_config('{setting}', coalesce(string_agg(s.statement, E'\x01'), ''), true)
            from (
                select 'grant ' || g.privilege_type || ' on ' || {name} || ' to ' || {role} as statement
                from pg_class as c, aclexplode(c.relacl) as g
                where c.oid = to_regclass({name}) and g.grantee <> c.relowner
                union all
                select 'grant ' || g.privilege_type || ' (' || quote_ident(a.attname) || ') on ' || {name} || ' to ' || {role}
                from pg_attribute as a, aclexplode(a.attacl) as g
                where a.attrelid = to_regclass({name}) and not a.attisdropped
                union all
                select 'alter view ' || {name} || ' set (' || o.option || ')'
                from pg_class as c, unnest(c.reloptions) as o(option) where c.oid = to_regclass({name})
                union all
                select 'comment on view ' || {name} || ' is ' || quote_literal(d.description)
                from pg_description as d
                where d.objoid = to_regclass({name}) and d.classoid = 'pg_class'::regclass and d.objsubid = 0
                union all
                -- last: what is another's cannot be changed any more, unless one is a member
                select 'alter view ' || {name} || ' owner to ' || quote_ident(pg_get_userbyid(c.relowner))
                from pg_class as c
                where c.oid = to_regclass({name}) and c.relowner <> (select oid from pg_roles where rolname = current_user)
            ) as s
            """;
        var giveBack = $"""
            do $strata$
            declare statement text;
            begin
                foreach statement in array string_to_array(coalesce(current_setting('{setting}', true), ''), E'\x01') loop
                    begin
                        execute statement;
                    exception when undefined_column or undefined_object or insufficient_privilege or feature_not_supported then
                        -- the new view has no such column, the role is gone, or it is one that nothing can be given to, or the option is for another kind of view
                        null;
                    end;
                end loop;
            end
            $strata$
            """;
        return (remember, giveBack);
    }

    public override string TextAsNumber(string expression) => $"cast({expression} as numeric)";

    public override RelationName Temporary(string name) => new("pg_temp", name);

    public override string? Untended => "autovacuum_enabled";

    public override string RowAddress => "ctid";

    public override string? RowPart => "tableoid";

    public override ImmutableArray<string> SystemColumns =>
        ["ctid", "tableoid", "xmin", "cmin", "xmax", "cmax"];

    // a row that changes gets another address
    public override string? AddressDigest => $"sum(hashtext(cast({RowAddress} as text)))";

    public override string Canonical(string expression, string type) =>
        type.StartsWith("numeric", StringComparison.Ordinal)
            ? $"trim_scale({expression})"
            : base.Canonical(expression, type);

    public override string Comparable(string expression, string type) =>
        Element(type)
            is "json"
                or "xml"
                or "point"
                or "line"
                or "lseg"
                or "box"
                or "path"
                or "polygon"
                or "circle"
                or "citext"
        || type.StartsWith("interval", StringComparison.Ordinal)
        // an operator is found by its name, and that of a type outside of the search path is not
        || Element(type).Replace("\"\"", "", StringComparison.Ordinal).Contains('.', StringComparison.Ordinal)
            ? $"cast({expression} as text)"
            : expression;

    // what a collation takes for equal need not be the same text: of arrays neither, nor within a type that somebody has made
    protected override string Identical(string expression, string type)
    {
        var element = Element(type);
        return element is "text" or "name" or "bpchar"
            || element.StartsWith("character", StringComparison.Ordinal)
                ? $"{expression} collate \"C\""
            : IsMade(element) ? $"cast({expression} as text) collate \"C\""
            : Comparable(expression, type);
    }

    /// <summary>Whether a type is none that every server has: a composite, an enum, a range of text, one of an extension.</summary>
    private static bool IsMade(string element)
    {
        var end = element.IndexOfAny(['(', ' ']);
        return !s_ownTypes.Contains(end < 0 ? element : element[..end]);
    }

    // their first words
    private static readonly FrozenSet<string> s_ownTypes = FrozenSet.Create(
        StringComparer.Ordinal,
        "\"char\"",
        "bigint",
        "bit",
        "boolean",
        "box",
        "bytea",
        "cidr",
        "circle",
        "date",
        "datemultirange",
        "daterange",
        "double",
        "inet",
        "int4multirange",
        "int4range",
        "int8multirange",
        "int8range",
        "integer",
        "interval",
        "json",
        "jsonb",
        "line",
        "lseg",
        "macaddr",
        "macaddr8",
        "money",
        "nummultirange",
        "numrange",
        "numeric",
        "oid",
        "path",
        "pg_lsn",
        "point",
        "polygon",
        "real",
        "smallint",
        "time",
        "timestamp",
        "tsmultirange",
        "tsquery",
        "tsrange",
        "tstzmultirange",
        "tstzrange",
        "tsvector",
        "uuid",
        "xml"
    );

    private static string Element(string type) =>
        type.EndsWith("[]", StringComparison.Ordinal) ? type[..^2] : type;

    public override string JsonType => "jsonb";

    public override string FromJson(string literal, string type) =>
        type.EndsWith("[]", StringComparison.Ordinal)
            ? $"cast(array(select jsonb_array_elements_text(cast({literal} as jsonb))) as {type})"
            : $"cast({literal} as {type})";

    public override string TypeName(SqlType type) =>
        type switch
        {
            SqlType.Boolean => "boolean",
            SqlType.Integer => "integer",
            SqlType.BigInt => "bigint",
            SqlType.Double => "double precision",
            SqlType.Date => "date",
            SqlType.Timestamp => "timestamp",
            SqlType.TimestampTz => "timestamptz",
            SqlType.Text => "text",
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
}
