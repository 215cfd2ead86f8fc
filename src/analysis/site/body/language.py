"""The words that the renderer itself writes, in the page's language."""

from __future__ import annotations

from collections.abc import Mapping

_KEYS = (
    "fig tbl lst thm lem cor prp cnj def exm exr alg sec eq note tip warning important caution "
    "proof remark solution footnotes references code reuse copyright"
)
_WORDS = {
    "en": "Figure Table Listing Theorem Lemma Corollary Proposition Conjecture Definition Example "
    "Exercise Algorithm Section Equation Note Tip Warning Important Caution Proof Remark Solution "
    "Footnotes References Code Reuse Copyright",
    "de": "Abbildung Tabelle Listing Theorem Lemma Korollar Aussage Annahme Definition Beispiel "
    "Übungsaufgabe Algorithmus Kapitel Gleichung Hinweis Tipp Warnung Wichtig Vorsicht Beweis "
    "Anmerkung Lösung Fußnoten Literatur Code Wiederverwendung Urheberrechte",
    "fr": "Figure Table Listing Théorème Lemme Corollaire Proposition Conjecture Définition "
    "Exemple Exercice Algorithme Section Équation Note Astuce Avertissement Important "
    "Mise_en_garde Preuve Remarque Solution Notes_de_bas_de_page Les_références Code Réutilisation "
    "Droits_d'auteur",
    "es": "Figura Tabla Listado Teorema Lema Corolario Proposición Conjetura Definición Ejemplo "
    "Ejercicio Algoritmo Sección Ecuación Nota Tip Advertencia Importante Precaución "
    "Demostración Observación Solución Notas Referencias Código Reutilización Derechos_de_autor",
    "it": "Figura Tabella Lista Teorema Lemma Corollario Proposizione Congettura Definizione "
    "Esempio Esercizio Algoritmo Sezione Equazione Nota Consiglio Avviso Importante Attenzione "
    "Dimostrazione Osservazione Soluzione Note Referenze Codice Riutilizzare Diritto_d'autore",
    "nl": "Figuur Tabel Listing Stelling Lemma Conclusie Voorstel Aanname Definitie Voorbeeld "
    "Oefening Algoritme Paragraaf Vergelijking Opmerking Tip Waarschuwing Belangrijk Opgelet "
    "Bewijs Opmerking Oplossing Voetnoten Referenties Code Hergebruik Auteursrechten",
    "pt": "Figura Tabela Listagem Teorema Lema Corolário Proposição Conjetura Definição Exemplo "
    "Exercício Algoritmo Seção Equação Nota Dica Aviso Importante Cuidado Comprovação "
    "Comentário Solução Notas_de_rodapé Referências Código Reuso Direito_autoral",
}
# The prefixes of callouts' labels.
CALLOUTS = {"nte": "note", "tip": "tip", "wrn": "warning", "imp": "important", "cau": "caution"}
PROOFS = {"rem": "remark", "sol": "solution"}


def words(lang: str) -> Mapping[str, str]:
    """Give the words by key for a language tag such as ``de-AT``; English where unknown."""
    chosen = _WORDS.get(lang.lower().split("-")[0].split("_")[0], _WORDS["en"])
    found = dict(
        zip(_KEYS.split(), (word.replace("_", " ") for word in chosen.split()), strict=True)
    )
    prefixes = CALLOUTS | PROOFS
    return found | {prefix: found[name] for prefix, name in prefixes.items()}
