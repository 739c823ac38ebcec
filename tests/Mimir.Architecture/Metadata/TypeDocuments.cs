using System.Reflection.Metadata;

namespace Mimir.Architecture.Metadata;

/// <summary>In which source files a type is written: from the lines of its methods, and for types without any from the compiler's own note.</summary>
/// <param name="reader">The assembly.</param>
/// <param name="symbols">Its portable PDB.</param>
internal sealed class TypeDocuments(MetadataReader reader, MetadataReader symbols)
{
    private static readonly Guid TypeDefinitionDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    public HashSet<string> Of(TypeDefinitionHandle handle)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (MethodDefinitionHandle method in reader.GetTypeDefinition(handle).GetMethods())
        {
            MethodDebugInformation lines = symbols.GetMethodDebugInformation(method.ToDebugInformationHandle());
            Add(found, lines.Document);
            if (lines.Document.IsNil && !lines.SequencePointsBlob.IsNil)
            {
                foreach (SequencePoint point in lines.GetSequencePoints())
                {
                    Add(found, point.Document);
                }
            }
        }

        foreach (CustomDebugInformationHandle note in symbols.GetCustomDebugInformation(handle))
        {
            CustomDebugInformation information = symbols.GetCustomDebugInformation(note);
            if (symbols.GetGuid(information.Kind) != TypeDefinitionDocuments)
            {
                continue;
            }

            BlobReader rows = symbols.GetBlobReader(information.Value);
            while (rows.RemainingBytes > 0)
            {
                Add(found, System.Reflection.Metadata.Ecma335.MetadataTokens.DocumentHandle(rows.ReadCompressedInteger()));
            }
        }

        return found;
    }

    private void Add(HashSet<string> found, DocumentHandle document)
    {
        if (!document.IsNil)
        {
            found.Add(symbols.GetString(symbols.GetDocument(document).Name));
        }
    }
}
