using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Mimir.Architecture.Metadata;

/// <summary>A compiled assembly beside the tests, and what the rules want to know of it. Read once, then immutable.</summary>
internal sealed class AssemblyFile
{
    private AssemblyFile(string name, IReadOnlyList<string> references, IReadOnlyList<TypeFacts> types, IReadOnlyCollection<TypeUse> uses)
    {
        Name = name;
        References = references;
        Types = types;
        Uses = uses;
    }

    /// <summary>Simple name.</summary>
    public string Name { get; }

    /// <summary>Simple names of the assemblies it really refers to.</summary>
    public IReadOnlyList<string> References { get; }

    /// <summary>Its top-level types, compiler-made ones left out.</summary>
    public IReadOnlyList<TypeFacts> Types { get; }

    /// <summary>Who names whom, each pair once; a type naming itself is left out.</summary>
    public IReadOnlyCollection<TypeUse> Uses { get; }

    /// <summary>Reads an assembly with its portable PDB.</summary>
    /// <param name="path">The dll.</param>
    public static AssemblyFile Read(string path)
    {
        using var image = new PEReader(File.OpenRead(path));
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(path, ".pdb")));
        MetadataReader reader = image.GetMetadataReader();
        var documents = new TypeDocuments(reader, symbols.GetMetadataReader());
        var collector = new TypeUseCollector(image, reader);
        var types = reader.TypeDefinitions
            .Where(handle => !reader.GetTypeDefinition(handle).IsNested)
            .Select(handle => Describe(reader, handle, documents))
            .Where(facts => !facts.FullName.Contains('<', StringComparison.Ordinal))
            .ToList();
        var references = reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name)).ToList();
        return new AssemblyFile(reader.GetString(reader.GetAssemblyDefinition().Name), references, types, collector.Collect());
    }

    private static TypeFacts Describe(MetadataReader reader, TypeDefinitionHandle handle, TypeDocuments documents)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        var kept = TypeAttributes.Sealed | TypeAttributes.Abstract | TypeAttributes.Interface;
        string baseType = type.BaseType.Kind switch
        {
            _ when type.BaseType.IsNil => "",
            HandleKind.TypeReference => FullName(reader, reader.GetTypeReference((TypeReferenceHandle)type.BaseType)),
            HandleKind.TypeDefinition => FullName(reader, reader.GetTypeDefinition((TypeDefinitionHandle)type.BaseType)),
            _ => "",
        };
        return new TypeFacts(FullName(reader, type), reader.GetString(type.Namespace), (type.Attributes & kept) == 0, baseType, documents.Of(handle));
    }

    private static string FullName(MetadataReader reader, TypeDefinition type) => Join(reader.GetString(type.Namespace), reader.GetString(type.Name));

    private static string FullName(MetadataReader reader, TypeReference type) => Join(reader.GetString(type.Namespace), reader.GetString(type.Name));

    private static string Join(string space, string name) => space.Length == 0 ? name : $"{space}.{name}";
}
