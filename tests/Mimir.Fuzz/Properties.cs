using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Mimir.Protocol.Tests")]
