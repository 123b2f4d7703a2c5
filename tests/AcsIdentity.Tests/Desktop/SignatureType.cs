using System.Collections.Immutable;
using System.Linq;
using System.Reflection.Metadata;

namespace AcsIdentity.Tests.Desktop;

/// <summary>A type in a signature. Its text names the assembly that defines each type, so that equal texts are equal types.</summary>
/// <param name="Text">The text to compare.</param>
/// <param name="Definition">The named type. Null if the runtime makes the type, such as an array, or if no file defines it.</param>
/// <param name="Arguments">Its type arguments.</param>
internal sealed record SignatureType(string Text, TypeIdentity? Definition, ImmutableArray<SignatureType> Arguments)
{
    public SignatureType(string text)
        : this(text, null, [])
    {
    }
}

/// <summary>A type, and the file that defines it.</summary>
internal sealed record TypeIdentity(AssemblyFile File, TypeDefinitionHandle Handle)
{
    public string Text => $"[{File.Name}]{File.NameOf(Handle)}";
}

/// <summary>Reads the signatures of one file. The context is the type arguments of the declaring type.</summary>
internal sealed class SignatureReader(AssemblyFile file, Framework framework) : ISignatureTypeProvider<SignatureType, ImmutableArray<SignatureType>>
{
    public static string TextOf(MethodSignature<SignatureType> method) =>
        $"{method.ReturnType.Text} `{method.GenericParameterCount}({string.Join(", ", method.ParameterTypes.Select(type => type.Text))})";

    public SignatureType GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        framework.Resolve(file, handle) is { } found ? Named(found) : new SignatureType(file.NameOf(handle));

    public SignatureType GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        Named(new TypeIdentity(file, handle));

    public SignatureType GetTypeFromSpecification(
        MetadataReader reader, ImmutableArray<SignatureType> genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public SignatureType GetGenericInstantiation(SignatureType genericType, ImmutableArray<SignatureType> typeArguments) =>
        new($"{genericType.Text}<{string.Join(", ", typeArguments.Select(type => type.Text))}>", genericType.Definition, typeArguments);

    public SignatureType GetGenericTypeParameter(ImmutableArray<SignatureType> genericContext, int index) =>
        genericContext.IsDefaultOrEmpty ? new SignatureType("!" + index) : genericContext[index];

    public SignatureType GetGenericMethodParameter(ImmutableArray<SignatureType> genericContext, int index) => new("!!" + index);

    public SignatureType GetPrimitiveType(PrimitiveTypeCode typeCode) => new(typeCode.ToString());

    public SignatureType GetSZArrayType(SignatureType elementType) => new(elementType.Text + "[]");

    public SignatureType GetArrayType(SignatureType elementType, ArrayShape shape) => new($"{elementType.Text}[{shape.Rank}]");

    public SignatureType GetByReferenceType(SignatureType elementType) => new(elementType.Text + "&");

    public SignatureType GetPointerType(SignatureType elementType) => new(elementType.Text + "*");

    public SignatureType GetPinnedType(SignatureType elementType) => elementType;

    public SignatureType GetModifiedType(SignatureType modifier, SignatureType unmodifiedType, bool isRequired) =>
        new($"{unmodifiedType.Text} {(isRequired ? "modreq" : "modopt")} {modifier.Text}");

    public SignatureType GetFunctionPointerType(MethodSignature<SignatureType> signature) => new("method " + TextOf(signature));

    private static SignatureType Named(TypeIdentity type) => new(type.Text, type, []);
}
