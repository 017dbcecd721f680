using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Strata.Bindings.Tests.Metadata;

/// <summary>Writes signatures as text that is equal in two assemblies exactly when the runtime takes them for the same.</summary>
internal sealed class SignatureText(MetadataReader metadata) : ISignatureTypeProvider<string, object?>
{
    public string Method(string owner, string name, MethodSignature<string> signature) =>
        $"{(signature.Header.IsInstance ? "instance" : "static")} {signature.ReturnType} {owner}::{name}"
        + (signature.GenericParameterCount == 0 ? "" : $"`{signature.GenericParameterCount}")
        + $"({string.Join(", ", signature.ParameterTypes)})";

    public string Field(string owner, string name, string type) => $"{type} {owner}::{name}";

    public string Name(TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{Name((TypeReferenceHandle)type.ResolutionScope)}+{metadata.GetString(type.Name)}"
            : Qualified(type.Namespace, type.Name);
    }

    public string Name(TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        return type.GetDeclaringType().IsNil
            ? Qualified(type.Namespace, type.Name)
            : $"{Name(type.GetDeclaringType())}+{metadata.GetString(type.Name)}";
    }

    private string Qualified(StringHandle space, StringHandle name) =>
        metadata.GetString(space) is { Length: > 0 } text
            ? $"{text}.{metadata.GetString(name)}"
            : metadata.GetString(name);

    // Whether a type is a structure or a class is part of a signature.
    private static string Kind(byte rawTypeKind) =>
        (SignatureTypeKind)rawTypeKind switch
        {
            SignatureTypeKind.ValueType => "struct ",
            SignatureTypeKind.Class => "class ",
            _ => "",
        };

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        Kind(rawTypeKind) + Name(handle);

    public string GetTypeFromDefinition(
        MetadataReader reader,
        TypeDefinitionHandle handle,
        byte rawTypeKind
    ) => Kind(rawTypeKind) + Name(handle);

    public string GetTypeFromSpecification(
        MetadataReader reader,
        object? context,
        TypeSpecificationHandle handle,
        byte rawTypeKind
    ) => reader.GetTypeSpecification(handle).DecodeSignature(this, context);

    public string GetFunctionPointerType(MethodSignature<string> signature) =>
        $"function[{signature.Header.CallingConvention}]({string.Join(", ", signature.ParameterTypes)})->{signature.ReturnType}";

    public string GetArrayType(string elementType, ArrayShape shape) =>
        $"{elementType}[{new string(',', shape.Rank - 1)}]";

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
        $"{genericType}<{string.Join(", ", typeArguments)}>";

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) =>
        $"{unmodifiedType} {(isRequired ? "modreq" : "modopt")}({modifier})";

    public string GetByReferenceType(string elementType) => $"{elementType}&";

    public string GetPointerType(string elementType) => $"{elementType}*";

    public string GetSZArrayType(string elementType) => $"{elementType}[]";

    public string GetPinnedType(string elementType) => elementType;

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

    public string GetGenericMethodParameter(object? context, int index) => $"!!{index}";

    public string GetGenericTypeParameter(object? context, int index) => $"!{index}";
}
