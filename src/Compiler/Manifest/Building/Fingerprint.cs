using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Strata.Compiler.Rendering;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest.Building;

/// <summary>
/// SHA-256 over named parts, each with its length, so that no two different lists give the same bytes. Beside it the hash that earlier versions
/// made of the same parts, by which what they have built is known again.
/// </summary>
internal sealed class Fingerprint : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _former = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _inNow = true;
    private bool _inFormer = true;

    public Fingerprint Add(string name, string? value)
    {
        AddText(name);
        AddText(value ?? "\0");
        return this;
    }

    public Fingerprint Add(string name, IEnumerable<string> values)
    {
        AddText(name);
        var count = 0;
        foreach (var value in values)
        {
            AddText(value);
            count++;
        }
        AddLength(count);
        return this;
    }

    /// <summary>SQL with its references by node, so that it does not matter where these live.</summary>
    public Fingerprint Add(string name, CompiledSql? sql)
    {
        AddText(name);
        if (sql is null)
            return Add("none", "");
        var copied = 0;
        foreach (var reference in sql.References)
        {
            AddText(sql.Text.AsSpan(copied, reference.Span.Start - copied));
            AddText(reference.Kind.ToString());
            AddText(reference.NodeId);
            if (reference.IsWhole)
                AddText("whole");
            copied = reference.Span.End;
        }
        AddText(sql.Text.AsSpan(copied));
        return this;
    }

    /// <summary>Where a relation lives. The connection's name is a mere name: only the former hash holds it.</summary>
    public Fingerprint AddRelation(string connection, RelationName relation)
    {
        (_inNow, _inFormer) = (true, false);
        Add("relation", [relation.Schema, relation.Name]);
        (_inNow, _inFormer) = (false, true);
        Add("relation", [connection, relation.Schema, relation.Name]);
        (_inNow, _inFormer) = (true, true);
        return this;
    }

    /// <summary>A part that is itself a hash, or several, and was another one before.</summary>
    public Fingerprint Add(string name, IEnumerable<string> now, IEnumerable<string> former)
    {
        (_inNow, _inFormer) = (true, false);
        Add(name, now);
        (_inNow, _inFormer) = (false, true);
        Add(name, former);
        (_inNow, _inFormer) = (true, true);
        return this;
    }

    public string Compute() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public string ComputeFormer() => Convert.ToHexStringLower(_former.GetHashAndReset());

    public void Dispose()
    {
        _hash.Dispose();
        _former.Dispose();
    }

    private void AddText(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        AddLength(bytes.Length);
        Append(bytes);
    }

    private void AddLength(int length)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        Append(bytes);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_inNow)
            _hash.AppendData(bytes);
        if (_inFormer)
            _former.AppendData(bytes);
    }
}
