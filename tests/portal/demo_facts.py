"""What the demo's articles may cite, and each number in the short ones with what it is.

Copied by hand from the facts collected for the articles. Those that were read only in a summary,
and those that nobody confirmed, are left out: an article may not rely on them.
"""

from collections.abc import Mapping

#: DOIs, PubMed numbers, registry numbers, and numbers in PubMed Central.
IDENTIFIERS = frozenset({
    # Donor cells
    "10.1007/s10067-014-2754-4", "10.1136/annrheumdis-2017-211073", "28478399",
    "10.1016/j.stemcr.2021.05.012", "10.1186/ar4520", "10.1136/lupus-2022-000704",
    "10.1155/2020/6518508", "NCT02633163", "10.2217/rme-2017-0015",
    # Tests and biopsy
    "10.1186/s13075-015-0808-x", "10.1016/j.ekir.2018.04.010", "10.2215/cjn.04710420",
    # Medicines
    "10.1136/ard-2023-224762", "10.1007/s40674-017-0069-8", "10.1002/art.41683",
    "10.4103/injr.injr_28_19", "NCT03597464", "30420324", "10.1056/nejmoa2001180",
    "10.1093/ndt/gfad167", "10.2215/cjn.02520322",
    # Living with it, pregnancy
    "10.1002/art.39070", "PMC7340111", "10.7326/m14-2235", "PMC8859727", "10.1002/art.41191",
    # Dialysis and transplant
    "26815601", "10.1177/0961203320932219", "10.7326/m18-1570", "10.1016/j.ekir.2025.01.034",
    "PMC2771574", "PMC3774792",
})  # fmt: skip

_NIDDK = "https://www.niddk.nih.gov/"
_LABELS = "https://dailymed.nlm.nih.gov/dailymed/"
_FDA = "https://www.fda.gov/"
_FDA_LIST = "https://www.accessdata.fda.gov/scripts/cder/daf/index.cfm?event=overview.process&"
#: Sources that the facts name without an identifier: what the address has to begin with, which is
#: the publisher's site.
NAMED: Mapping[str, str] = {
    "Consumer Alert on Regenerative Medicine Products Including Stem Cells and Exosomes": _FDA,
    "Important Patient and Consumer Information About Regenerative Medicine Therapies": _FDA,
    "[Approval of Ryoncil for children with a transplant reaction, December 2024]": _FDA,
    "[Approval of belimumab for lupus nephritis, December 2020]": _FDA_LIST,
    "[Approval of obinutuzumab for lupus nephritis, October 2025]": _FDA_LIST,
    "Lupus Nephritis": _NIDDK,
    "Kidney Biopsy": _NIDDK,
    "Kidney Failure": _NIDDK,
    "CKD and Medicines": _NIDDK,
    "[Sodium: tips for people with chronic kidney disease]": _NIDDK,
    "eGFR": "https://www.kidney.org/",
    "Can Someone ... Stop Taking Prednisone?": "https://lupus.net/",
    "Lupkynis (voclosporin): prescribing information": _LABELS,
    "Gazyva (obinutuzumab): prescribing information": _LABELS,
    "[Benlysta (belimumab): safety information]": "https://www.benlysta.com/",
    "Mycophenolate REMS": "https://www.mycophenolaterems.com/",
    "[ACE inhibitors and ARBs]": "https://www.ccjm.org/",
    "Mycophenolate": "https://www.mayoclinic.org/",
    "Preeclampsia": "https://www.mayoclinic.org/",
    "[Which vaccines are live]": "https://www.chop.edu/",
    "Altered Immunocompetence": "https://www.cdc.gov/",
    "[Smoking and how active lupus is, in 111 people]": "https://www.jrheum.org/",
    "[Exercise for lupus: review CD014816]": "https://www.cochranelibrary.com/",
    "[Heart attack and stroke in 263 people with lupus]": "https://onlinelibrary.wiley.com/",
    "[Guideline on bones and steroids, 2022]": "https://www.guidelinecentral.com/",
    "[SLE and pregnancy, for patients]": "https://www.uptodate.com/",
    "Safe Kidney Care": "https://www.umaryland.edu/",
    "[Lupus that returned in a new kidney: 6,850 people]": "https://journals.lww.com/jasn/",
    "2019 Annual Data Report": "https://optn.transplant.hrsa.gov/",
    "When to Call": "https://www.lupus.org/",
    "When to Call a Doctor": "https://www.verywellhealth.com/",
    "Don’t Delay... Call 911": "https://www.acmh.org/",
    "What to Expect": "https://988lifeline.org/",
    "[Calling 911 in Spanish]": "https://www.southsound911.org/",
}

#: Worked out from a percentage of the facts: marked with “=”.
NUMBERS: Mapping[str, Mapping[str, str]] = {
    "what-is-lupus-nephritis": {
        "911": "emergency number",
        "2020": "FDA approval of belimumab, December",
        "2025": "FDA approval of obinutuzumab, October",
    },
    "when-to-get-help": {
        "911": "emergency number",
        "988": "crisis line",
        "2": "988 in Spanish: press 2",
    },
    "tests-and-kidney-biopsy": {
        "103": "people (Shidham 2018)",
        "24": "hours of urine (Shidham 2018)",
        "60": "eGFR under it for three months (NKF)",
        "15": "eGFR under it is failure (NKF)",
        "118,064": "biopsies (Poggio 2020)",
        "10,000": "biopsies that the next are counted in",
        "1,100": "= bruise 11%",
        "430": "= pain 4.3%",
        "350": "= visible blood 3.5%",
        "160": "= transfusion 1.6%",
        "30": "= procedure 0.3%",
        "6": "= death 0.06%",
        "3": "= death 0.03%, outpatients",
    },
    "medicines-and-side-effects": {
        "2023": "EULAR (Fanouriakis 2024)",
        "2025": "FDA approval of obinutuzumab, October",
        "2020": "FDA approval of belimumab, December",
        "22": "FDA approval of voclosporin, January",
        "2021": "FDA approval of voclosporin, year",
        "6": "mg of prednisone a day (Stojan and Petri 2017)",
        "2": "= retina, under 2% (Rosenbaum 2021)",
        "100": "people that this is counted in",
        "10": "years (Rosenbaum 2021)",
        "5": "mg/kg; eye checks from year 5 (Rosenbaum 2021)",
        "988": "crisis line",
    },
    "living-with-lupus-nephritis": {
        "2,300": "mg of sodium (NIDDK)",
        "7,113": "adults on Medicaid (Feldman 2015)",
        "1,825": "with a serious infection (Feldman 2015)",
        "30": "SPF (Lupkynis label)",
        "111": "people (J Rheumatol 2003)",
        "2,629": "people (PMC7340111)",
        "13": "trials (Cochrane CD014816)",
        "540": "people (Cochrane CD014816)",
        "263": "people (Arthritis Rheum 2001)",
        "2.5": "mg of prednisone (ACR 2022)",
        "988": "crisis line",
    },
    "pregnancy-and-lupus-nephritis": {
        "7": "= flares 7 to 33% after six quiet months (UpToDate)",
        "33": "= the same",
        "60": "= flares over 60% in active lupus (UpToDate)",
        "100": "people or pregnancies that these are counted in",
        "385": "pregnancies (Buyon 2015)",
        "19": "= a serious problem 19.0%",
        "81": "= none, 100 less 19; mg of aspirin (PMC8859727)",
        "4": "= fetal death 4%",
        "1": "= newborn death 1%",
        "9": "= early birth 9%",
        "10": "= small baby 10%",
        "2020": "ACR guideline",
        "90": "days after the last dose (Mayo Clinic)",
    },
    "dialysis-and-kidney-transplant": {
        "26": "papers (Lupus 2020)",
        "3": "= 3 to 11% at 5 years",
        "11": "= the same; 11% in the mid-1990s (Tektonidou)",
        "5": "years; within 5 years (OPTN/SRTR 2019)",
        "6": "= 6 to 19% at 10 years",
        "19": "= the same",
        "10": "years",
        "100": "people that these are counted in",
        "187": "studies (Tektonidou)",
        "18,309": "people (Tektonidou)",
        "16": "= 16% (Tektonidou)",
        "1970": "of the 16% (Tektonidou)",
        "1990": "of the 11% (Tektonidou)",
        "2000": "of the 44% (Tektonidou)",
        "44": "= 44%, class IV",
        "15": "years, class IV",
        "9,659": "listed (Jorge 2019)",
        "5,738": "got a kidney (Jorge 2019)",
        "59": "% (Jorge 2019)",
        "1,000": "people for a year (Jorge 2019)",
        "56": "= 56.3 deaths per 1,000 person-years without a kidney",
        "23": "= 22.5 deaths per 1,000 person-years with one",
        "167": "lupus returned (JASN 2010)",
        "6,850": "transplanted (JASN 2010)",
        "2.4": "% (JASN 2010)",
        "867": "died (JASN 2010)",
        "13": "% (JASN 2010)",
        "30": "years at one center (PMC2771574)",
        "20": "lupus returned there",
        "177": "transplanted there",
        "11.3": "% there",
        "80": "people (Broder 2011)",
    },
}
