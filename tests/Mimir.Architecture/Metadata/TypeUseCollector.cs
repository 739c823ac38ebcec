using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Mimir.Architecture.Metadata;

/// <summary>Walks everything an assembly says of its types and collects which type names which.</summary>
/// <param name="image">The assembly, for method bodies.</param>
/// <param name="reader">Its metadata.</param>
internal sealed class TypeUseCollector(PEReader image, MetadataReader reader)
{
    private readonly HashSet<TypeUse> _uses = [];
    private readonly string _assembly = reader.GetString(reader.GetAssemblyDefinition().Name);
    private NamedTypes _named = new(static _ => { });
    private (string Full, string Namespace) _from;

    public HashSet<TypeUse> Collect()
    {
        _named = new NamedTypes(Note);
        foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
        {
            _from = Outermost(handle);
            Visit(reader.GetTypeDefinition(handle));
        }

        return _uses;
    }

    private void Visit(TypeDefinition type)
    {
        Follow(type.BaseType);
        Attributes(type.GetCustomAttributes());
        Generics(type.GetGenericParameters());
        foreach (InterfaceImplementationHandle handle in type.GetInterfaceImplementations())
        {
            Follow(reader.GetInterfaceImplementation(handle).Interface);
        }

        foreach (FieldDefinitionHandle handle in type.GetFields())
        {
            FieldDefinition field = reader.GetFieldDefinition(handle);
            field.DecodeSignature(_named, null);
            Attributes(field.GetCustomAttributes());
        }

        foreach (PropertyDefinitionHandle handle in type.GetProperties())
        {
            Attributes(reader.GetPropertyDefinition(handle).GetCustomAttributes());
        }

        foreach (MethodDefinitionHandle handle in type.GetMethods())
        {
            Visit(reader.GetMethodDefinition(handle));
        }
    }

    private void Visit(MethodDefinition method)
    {
        method.DecodeSignature(_named, null);
        Attributes(method.GetCustomAttributes());
        Generics(method.GetGenericParameters());
        foreach (ParameterHandle parameter in method.GetParameters())
        {
            Attributes(reader.GetParameter(parameter).GetCustomAttributes());
        }

        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        MethodBodyBlock body = image.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_named, null);
        }

        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            Follow(region.CatchType);
        }

        foreach (EntityHandle token in IlTokens.Read(body.GetILReader()))
        {
            Follow(token);
        }
    }

    private void Follow(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition or HandleKind.TypeReference:
                Note(handle);
                break;
            case HandleKind.TypeSpecification:
                reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_named, null);
                break;
            case HandleKind.MethodDefinition:
                Note(reader.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                Note(reader.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification specification = reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                specification.DecodeSignature(_named, null);
                Follow(specification.Method);
                break;
            case HandleKind.MemberReference:
                MemberReference member = reader.GetMemberReference((MemberReferenceHandle)handle);
                Follow(member.Parent);
                if (member.GetKind() == MemberReferenceKind.Method)
                {
                    member.DecodeMethodSignature(_named, null);
                }
                else
                {
                    member.DecodeFieldSignature(_named, null);
                }

                break;
            case HandleKind.StandaloneSignature:
                reader.GetStandaloneSignature((StandaloneSignatureHandle)handle).DecodeMethodSignature(_named, null);
                break;
        }
    }

    private void Attributes(CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttributeHandle handle in attributes)
        {
            Follow(reader.GetCustomAttribute(handle).Constructor);
        }
    }

    private void Generics(GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameterHandle parameter in parameters)
        {
            foreach (GenericParameterConstraintHandle constraint in reader.GetGenericParameter(parameter).GetConstraints())
            {
                Follow(reader.GetGenericParameterConstraint(constraint).Type);
            }
        }
    }

    private void Note(EntityHandle handle)
    {
        (string full, string space, string assembly) = handle.Kind == HandleKind.TypeDefinition
            ? (Outermost((TypeDefinitionHandle)handle).Full, Outermost((TypeDefinitionHandle)handle).Namespace, _assembly)
            : Outermost((TypeReferenceHandle)handle);
        if (full != _from.Full && !full.Contains('<', StringComparison.Ordinal) && !_from.Full.Contains('<', StringComparison.Ordinal))
        {
            _uses.Add(new TypeUse(_from.Full, _from.Namespace, full, space, assembly));
        }
    }

    private (string Full, string Namespace) Outermost(TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        while (type.IsNested)
        {
            type = reader.GetTypeDefinition(type.GetDeclaringType());
        }

        string space = reader.GetString(type.Namespace);
        return ($"{space}.{reader.GetString(type.Name)}", space);
    }

    private (string Full, string Namespace, string Assembly) Outermost(TypeReferenceHandle handle)
    {
        TypeReference type = reader.GetTypeReference(handle);
        while (type.ResolutionScope.Kind == HandleKind.TypeReference)
        {
            type = reader.GetTypeReference((TypeReferenceHandle)type.ResolutionScope);
        }

        string space = reader.GetString(type.Namespace);
        string assembly = type.ResolutionScope.Kind == HandleKind.AssemblyReference
            ? reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name)
            : _assembly;
        return ($"{space}.{reader.GetString(type.Name)}", space, assembly);
    }
}
